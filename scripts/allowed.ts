/** What packages may do and ask for here. Whoever adds one that is not listed says why, or takes another one. */

/** Packages that run a script of their own as they are installed, on the machine of whoever installs them, and what that does. */
export const INSTALL_SCRIPTS: Record<string, string> = {
  esbuild: "puts the binary of this system in the place of the script that would start it; builds alone",
};

/** Licences (SPDX) of what runs at a site, and what each asks of who passes it on. */
export const LICENCES: Record<string, string> = {
  "0BSD": "nothing",
  "Apache-2.0": "its text and NOTICE go along",
  "BSD-2-Clause": "its text goes along",
  "BSD-3-Clause": "its text goes along",
  "BlueOak-1.0.0": "its text or address goes along",
  "CC0-1.0": "nothing",
  ISC: "its text goes along",
  MIT: "its text goes along",
  "OFL-1.1": "fonts: not sold alone, and changed ones have another name",
  Unlicense: "nothing",
  Zlib: "its text goes along with the source",
};
