/**
 * Checks what npm installs: that package-lock.json knows what each package has to contain, whatever system it is for, and that
 * NOTICE names those whose licence asks for more than to be passed on with its text. Ends with 1 where one is left out.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "..");
/** SPDX identifiers of licences under which changes to a part have to be given away, alone or in an expression. */
const COPYLEFT = /\b(A?GPL|LGPL|MPL|EPL|CDDL|EUPL|OSL|CPL|CC-BY-SA)-/i;

/** A part of package-lock.json, or of an installed package's package.json. */
export interface Package {
  name: string;
  license?: string;
}

/** What package-lock.json says of a package, by its place under node_modules. */
interface Locked {
  name?: string;
  version?: string;
  license?: string;
  integrity?: string;
  link?: boolean;
  inBundle?: boolean;
}

export interface Lockfile {
  packages: Record<string, Locked>;
}

const entries = ({ packages }: Lockfile): (Locked & { name: string; place: string })[] =>
  Object.entries(packages)
    .filter(([place, { link }]) => place !== "" && !link)
    .map(([place, locked]) => ({
      ...locked,
      place,
      name: locked.name ?? place.split("node_modules/").at(-1) ?? place,
    }));

/** Packages whose content npm would take unseen, as `place version`. One that comes within another's archive is held by that. */
export const withoutIntegrity = (lock: Lockfile): string[] =>
  entries(lock)
    .filter(({ integrity, inBundle }) => !inBundle && !/^sha(512|384)-[\w+/]+=*$/.test(integrity ?? ""))
    .map(({ place, version }) => `${place} ${version}`);

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
  const lock = JSON.parse(read("package-lock.json")) as Lockfile;
  const faults = [
    ...withoutIntegrity(lock).map(
      (one) => `package-lock.json: ${one} has no integrity: remove it there, run npm install`,
    ),
    ...unnamed([...locked(lock), ...installed(path.join(ROOT, "node_modules"))], read("NOTICE")).map(
      (one) => `NOTICE: ${one} is not named`,
    ),
  ];
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
