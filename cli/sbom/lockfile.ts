/** What package-lock.json says of packages, by their places under node_modules. */

/** One of them. */
export interface Locked {
  name?: string;
  version?: string;
  license?: string;
  integrity?: string;
  link?: boolean;
  inBundle?: boolean;
  hasInstallScript?: boolean;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

export interface Lockfile {
  packages: Record<string, Locked>;
}

export type Entry = Locked & { name: string; place: string };

/** What its licence is called where the package itself does not say so in the form that npm reads. */
const LICENCES: Record<string, string> = {
  // LICENSE of both; the second says so in a form of npm's that is no more.
  suncalc: "BSD-2-Clause",
  "xmlhttprequest-ssl": "MIT",
};

export const entries = ({ packages }: Lockfile): Entry[] =>
  Object.entries(packages)
    .filter(([place, { link }]) => place !== "" && !link)
    .map(([place, locked]) => {
      const name = locked.name ?? place.split("node_modules/").at(-1) ?? place;
      const license = locked.license ?? LICENCES[name];
      return { ...locked, place, name, ...(license === undefined ? {} : { license }) };
    });

/** The place at which who lies at `from` ("" is the project) finds a package, or null where it is not installed. */
function found({ packages }: Lockfile, from: string, name: string): string | null {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf("node_modules/") - 1))) {
    const place = `${at === "" ? "" : `${at}/`}node_modules/${name}`;
    if (packages[place]) return place;
    if (at === "") return null;
  }
}

/** What a package asks for: also that of a system alone, and what it expects its user to have. */
function asked({
  dependencies,
  optionalDependencies,
  peerDependencies = {},
  peerDependenciesMeta = {},
}: Locked): string[] {
  const peers = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
  return [...Object.keys(dependencies ?? {}), ...Object.keys(optionalDependencies ?? {}), ...peers];
}

/**
 * Packages with all that they ask for, by their places: what each of them asks for, as places.
 * @param roots names, as the project finds them @param leftOut whether a package is not looked at
 * @throws Error that names a root which is not locked
 */
export function closure(lock: Lockfile, roots: string[], leftOut: (name: string) => boolean): Map<string, string[]> {
  const known = new Map<string, string[]>();
  const waiting = roots.map((name) => {
    const place = found(lock, "", name);
    if (place === null) throw new Error(`package-lock.json: ${name} is used and not in it`);
    return place;
  });
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    if (known.has(place)) continue;
    const from = place;
    const next = asked(lock.packages[place] as Locked)
      .filter((name) => !leftOut(name))
      .flatMap((name) => found(lock, from, name) ?? []);
    known.set(place, [...new Set(next)].sort());
    waiting.push(...next);
  }
  return known;
}
