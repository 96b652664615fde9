/**
 * Checks what npm installs: that package-lock.json knows what each package has to contain, whatever system it is for; that NOTICE
 * names those whose licence asks for more than to be passed on with its text; that no package runs a script as it is installed, and
 * none that runs at a site has a licence, that scripts/allowed.ts does not list. Ends with 1 where one is left out.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { entries, type Entry, type Lockfile } from "../cli/sbom/lockfile";
import { shippedFrom } from "../cli/sbom/shipped";
import { INSTALL_SCRIPTS, LICENCES } from "./allowed";

const ROOT = path.resolve(import.meta.dirname, "..");
/** SPDX identifiers of licences under which changes to a part have to be given away, alone or in an expression. */
const COPYLEFT = /\b(A?GPL|LGPL|MPL|EPL|CDDL|EUPL|OSL|CPL|CC-BY-SA)-/i;

/** A part of package-lock.json, or of an installed package's package.json. */
export interface Package {
  name: string;
  license?: string;
}

/** Packages whose content npm would take unseen, as `place version`. One that comes within another's archive is held by that. */
export const withoutIntegrity = (lock: Lockfile): string[] =>
  entries(lock)
    .filter(({ integrity, inBundle }) => !inBundle && !/^sha(512|384)-[\w+/]+=*$/.test(integrity ?? ""))
    .map(({ place, version }) => `${place} ${version}`);

/**
 * Packages that run a script as they are installed and may not, as `place version`; and names that may and of which there is none any
 * more, as `name`.
 */
export function scriptFaults(lock: Lockfile, allowed: Record<string, string>): string[] {
  const running = entries(lock).filter(({ hasInstallScript }) => hasInstallScript);
  const strangers = running
    .filter(({ name }) => !Object.hasOwn(allowed, name))
    .map(({ place, version }) => `${place} ${version}`);
  return [...strangers, ...Object.keys(allowed).filter((name) => !running.some((one) => one.name === name))];
}

/** Whether an expression of SPDX can be met by licences of a list: each side of AND has to be, one of OR is enough. */
export function isAllowed(expression: string, allowed: Record<string, string>): boolean {
  const inner = /\(([^()]*)\)/.exec(expression);
  if (inner) {
    // What a pair of parentheses comes to stands in its place, under a name that is in the list or in none.
    const [known = ""] = Object.keys(allowed);
    const met = isAllowed(inner[1] as string, allowed) ? known : "none";
    return isAllowed(expression.replace(inner[0], met), allowed);
  }
  return expression
    .split(/\s+OR\s+/)
    .some((one) => one.split(/\s+AND\s+/).every((id) => Object.hasOwn(allowed, id.trim())));
}

/** Packages under a licence that is not listed, or under none that is known, as `name version (licence)`. */
export const unlicensed = (packages: Entry[], allowed: Record<string, string>): string[] =>
  packages
    .filter(({ license }) => license === undefined || !isAllowed(license, allowed))
    .map(({ name, version, license }) => `${name} ${version} (${license ?? "none"})`);

/** Packages that NOTICE has to name and doesn't, as `name (licence)`. A name there that ends with `-*` is that of all that begin so. */
export function unnamed(packages: Package[], notice: string): string[] {
  const names = notice.match(/@?[\w./*-]*[\w*]/g) ?? [];
  const isNamed = (name: string): boolean =>
    names.some((one) => one === name || (one.endsWith("-*") && name.startsWith(one.slice(0, -1))));
  const missing = packages.filter(({ name, license = "" }) => COPYLEFT.test(license) && !isNamed(name));
  return [...new Set(missing.map(({ name, license }) => `${name} (${license})`))].sort();
}

/** Packages of a lockfile, for whatever system. */
export const locked = (lock: Lockfile): Package[] => entries(lock).map(({ name, license }) => ({ name, license }));

/** Packages below a folder, also those that another has taken into itself, of which a lockfile knows nothing. */
export const installed = (folder: string): Package[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => path.basename(file) === "package.json")
    .map((file): Partial<Package> => JSON.parse(readFileSync(path.join(folder, file), "utf8")) as Partial<Package>)
    .filter((one): one is Package => typeof one.name === "string" && typeof one.license === "string");

if (process.argv[1] === import.meta.filename) {
  const read = (file: string): string => readFileSync(path.join(ROOT, file), "utf8");
  const { lock, packages } = shippedFrom(ROOT);
  const shipped = entries(lock).filter(({ place }) => packages.has(place));
  const faults = [
    ...withoutIntegrity(lock).map(
      (one) => `package-lock.json: ${one} has no integrity: remove it there, run npm install`,
    ),
    ...unnamed([...locked(lock), ...installed(path.join(ROOT, "node_modules"))], read("NOTICE")).map(
      (one) => `NOTICE: ${one} is not named`,
    ),
    ...scriptFaults(lock, INSTALL_SCRIPTS).map(
      (one) => `scripts/allowed.ts: INSTALL_SCRIPTS and package-lock.json disagree on ${one}`,
    ),
    ...unlicensed(shipped, LICENCES).map(
      (one) => `scripts/allowed.ts: LICENCES lacks that of ${one}, which runs at a site`,
    ),
  ];
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
