/** A bill of materials in CycloneDX 1.6 (ECMA-424) as JSON. The same packages give the same text, whenever it is made. */
import { createHash } from "node:crypto";
import { entries, type Entry } from "./lockfile";
import type { Shipped } from "./shipped";

const HASHES: Record<string, string> = { sha512: "SHA-512", sha384: "SHA-384" };

function purl(name: string, version: string): string {
  return `pkg:npm/${name.replace(/^@/, "%40")}@${version}`;
}

/** One licence by its SPDX identifier, several as an expression of SPDX. */
function licence(text: string | undefined): object {
  if (text === undefined) return {};
  return { licenses: [/[\s(]/.test(text) ? { expression: text } : { license: { id: text } }] };
}

/** What npm holds a package's archive against. */
function hashes(integrity: string | undefined): object {
  const [algorithm = "", digest] = (integrity ?? "").split("-", 2);
  const alg = HASHES[algorithm];
  return alg && digest ? { hashes: [{ alg, content: Buffer.from(digest, "base64").toString("hex") }] } : {};
}

function component({ name, version = "", license, integrity }: Entry) {
  const [last = name, group] = name.split("/").reverse();
  const ref = purl(name, version);
  return {
    type: "library",
    "bom-ref": ref,
    ...(group ? { group } : {}),
    name: last,
    version,
    purl: ref,
    ...licence(license),
    ...hashes(integrity),
  };
}

/** A UUID (version 8, RFC 9562) that says the same of the same content. */
function uuidOf(content: string): string {
  const hex = createHash("sha256").update(content).digest("hex");
  const variant = ((parseInt(hex[16] as string, 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join("-");
}

/** The bill of what runs at a site. */
export function cyclonedx({ project, lock, roots, packages }: Shipped) {
  const known = new Map(entries(lock).map((entry) => [entry.place, entry]));
  const refAt = (place: string): string => {
    const { name, version = "" } = known.get(place) as Entry;
    return purl(name, version);
  };
  const own = purl(project.name, project.version);
  // One that lies at several places is one.
  const components = new Map(
    [...packages.keys()].sort().map((place) => [refAt(place), component(known.get(place) as Entry)]),
  );
  const uses = new Map<string, Set<string>>([[own, new Set(roots.map((name) => refAt(`node_modules/${name}`)))]]);
  for (const [place, asked] of packages) {
    const used = uses.get(refAt(place)) ?? new Set();
    for (const one of asked) used.add(refAt(one));
    uses.set(refAt(place), used);
  }
  const { name, version, license } = project;
  const content = {
    metadata: {
      tools: { components: [{ type: "application", name: "citywall sbom", version }] },
      component: { type: "application", "bom-ref": own, name, version, purl: own, ...licence(license) },
    },
    components: [...components.values()],
    dependencies: [...uses]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([ref, used]) => ({ ref, dependsOn: [...used].sort() })),
  };
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify(content))}`,
    version: 1,
    ...content,
  };
}
