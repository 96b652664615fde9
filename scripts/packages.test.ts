import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { entries, type Lockfile } from "../cli/sbom/lockfile";
import { shippedFrom } from "../cli/sbom/shipped";
import { INSTALL_SCRIPTS, LICENCES } from "./allowed";
import { installed, isAllowed, locked, scriptFaults, unlicensed, unnamed, withoutIntegrity } from "./packages";

const ROOT = path.resolve(import.meta.dirname, "..");
const lockfile = async (): Promise<Lockfile> =>
  JSON.parse(await readFile(path.join(ROOT, "package-lock.json"), "utf8")) as Lockfile;

it("a package that the lockfile says nothing certain of is named, also one for another system", async () => {
  const lock = await lockfile();
  expect(withoutIntegrity(lock)).toEqual([]);
  const [zod, other] = ["node_modules/zod", "node_modules/@next/swc-darwin-arm64"].map((place) => lock.packages[place]);
  if (!zod || !other) throw new Error("not in the lockfile");
  delete zod.integrity;
  other.integrity = "";
  expect(withoutIntegrity(lock)).toEqual([
    `node_modules/@next/swc-darwin-arm64 ${other.version}`,
    `node_modules/zod ${zod.version}`,
  ]);
});

it("NOTICE names every package under a copyleft licence, and one that it does not name is told with its licence", async () => {
  const packages = locked(await lockfile());
  const notice = await readFile(path.join(ROOT, "NOTICE"), "utf8");
  expect(unnamed(packages, notice)).toEqual([]);
  expect(unnamed(packages, notice.replace("lightningcss,", ""))).toEqual(["lightningcss (MPL-2.0)"]);
  expect(unnamed(packages, "")).toContain("@img/sharp-libvips-linux-x64 (LGPL-3.0-or-later)");
  const others = [
    { name: "new", license: "MIT AND LGPL-2.1-only" },
    { name: "free", license: "MIT" },
  ];
  expect(unnamed(others, notice)).toEqual(["new (MIT AND LGPL-2.1-only)"]);
});

it("a package that another has taken into itself is found where it is installed", async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), "citywall-packages-"));
  try {
    const inner = path.join(folder, "next/dist/compiled/@vercel/og");
    await mkdir(inner, { recursive: true });
    await writeFile(path.join(folder, "next/package.json"), JSON.stringify({ name: "next", license: "MIT" }));
    await writeFile(path.join(inner, "package.json"), JSON.stringify({ name: "@vercel/og", license: "MPL-2.0" }));
    expect(unnamed(installed(folder), "")).toEqual(["@vercel/og (MPL-2.0)"]);
    expect(unnamed(installed(folder), "next's copy of @vercel/og.")).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

it("a package that runs a script as it is installed is named unless it may, and so is one that may and is not there", async () => {
  const lock = await lockfile();
  expect(scriptFaults(lock, INSTALL_SCRIPTS)).toEqual([]);
  const zod = lock.packages["node_modules/zod"];
  if (!zod) throw new Error("not in the lockfile");
  zod.hasInstallScript = true;
  expect(scriptFaults(lock, { ...INSTALL_SCRIPTS, gone: "" })).toEqual([`node_modules/zod ${zod.version}`, "gone"]);
});

it("what runs at a site has a licence that is listed, and one that has not is told with it", () => {
  const { lock, packages } = shippedFrom(ROOT);
  const shipped = entries(lock).filter(({ place }) => packages.has(place));
  expect(shipped.length).toBeGreaterThan(100);
  expect(unlicensed(shipped, LICENCES)).toEqual([]);
  const others = [
    { name: "one", version: "1.0.0", place: "", license: "SSPL-1.0" },
    { name: "two", version: "2.0.0", place: "" },
    { name: "three", version: "3.0.0", place: "", license: "MIT" },
  ];
  expect(unlicensed(others, LICENCES)).toEqual(["one 1.0.0 (SSPL-1.0)", "two 2.0.0 (none)"]);
});

it("several licences are met by one of those to choose from, and by all of those that hold together", () => {
  const allowed = { MIT: "", ISC: "" };
  const met = ["MIT", "(MIT OR GPL-3.0-only)", "MIT AND ISC", "(GPL-2.0-only OR (MIT AND ISC))", "(MIT OR X) AND ISC"];
  const unmet = [
    "",
    "GPL-3.0-only",
    "MIT AND GPL-3.0-only",
    "(MIT AND X) OR Y",
    "(MIT OR ISC) AND X",
    "MIT-0",
    "constructor",
  ];
  expect(met.filter((one) => !isAllowed(one, allowed))).toEqual([]);
  expect(unmet.filter((one) => isAllowed(one, allowed))).toEqual([]);
});
