import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { bundle, packagesOf } from "../../scripts/bundle.mjs";
import { cyclonedx } from "./cyclonedx";
import { closure, type Lockfile } from "./lockfile";
import { packagesIn, shippedFrom } from "./shipped";

const ROOT = path.resolve(import.meta.dirname, "../..");
const STANDALONE = path.join(ROOT, ".next/standalone/node_modules");
const lock = JSON.parse(readFileSync(path.join(ROOT, "package-lock.json"), "utf8")) as Lockfile;
const bill = cyclonedx(shippedFrom(ROOT));
const names = bill.components.map(({ group, name }) => (group ? `${group}/${name}` : name));

describe("what a source imports", () => {
  it("are packages that it uses, and not those that it takes types of", () => {
    const source = [
      'import "one";',
      'import two, { type Two } from "two/part";',
      'import type { Three } from "three";',
      'import { type Four, type Five } from "four";',
      'import {\n  five,\n  type Five,\n} from "@scope/five/deep";',
      'export { six } from "six";',
      'export type { Seven } from "seven";',
      'const eight = () => import("eight");',
      'import { nine } from "./nine";',
      'import { ten } from "node:fs";',
      'import { eleven } from "@/components/eleven";',
    ].join("\n");
    expect(packagesIn(source)).toEqual(["one", "two", "@scope/five", "six", "eight"]);
  });
});

describe("what a package asks for", () => {
  it("is found as Node finds it: the nearest one, with what that asks for, around circles", () => {
    const made: Lockfile = {
      packages: {
        "": {},
        "node_modules/a": { version: "1.0.0", dependencies: { b: "1", "@s/c": "1" } },
        "node_modules/b": { version: "2.0.0" },
        "node_modules/a/node_modules/b": { version: "1.0.0", dependencies: { d: "1" } },
        "node_modules/@s/c": {
          version: "1.0.0",
          peerDependencies: { a: "1", e: "1" },
          peerDependenciesMeta: { e: { optional: true } },
        },
        "node_modules/d": { version: "1.0.0", optionalDependencies: { gone: "1", f: "1" } },
        "node_modules/e": { version: "1.0.0" },
        "node_modules/f": { version: "1.0.0" },
      },
    };
    const found = closure(made, ["a"], (name) => name === "f");
    expect([...found.keys()].sort()).toEqual([
      "node_modules/@s/c",
      "node_modules/a",
      "node_modules/a/node_modules/b",
      "node_modules/d",
    ]);
    expect(found.get("node_modules/a")).toEqual(["node_modules/@s/c", "node_modules/a/node_modules/b"]);
    expect(() => closure(made, ["nothing"], () => false)).toThrow("package-lock.json: nothing is used and not in it");
  });
});

describe("the bill of materials", () => {
  it("has what CycloneDX 1.6 asks for, and names everything once", () => {
    expect(bill).toMatchObject({ bomFormat: "CycloneDX", specVersion: "1.6", version: 1 });
    expect(bill.serialNumber).toMatch(/^urn:uuid:[\da-f]{8}-[\da-f]{4}-[1-8][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(bill.metadata.component).toMatchObject({ type: "application", name: "citywall" });
    const refs = [bill.metadata.component["bom-ref"], ...bill.components.map((one) => one["bom-ref"])];
    expect(new Set(refs).size).toBe(refs.length);
    expect(new Set(bill.dependencies.map(({ ref }) => ref))).toEqual(new Set(refs));
    for (const { dependsOn } of bill.dependencies) {
      expect(new Set(dependsOn).size).toBe(dependsOn.length);
      expect(dependsOn.filter((ref) => !refs.includes(ref))).toEqual([]);
    }
  });

  it("says of each package what the lockfile says of it: version, licence, and what its archive is held against", () => {
    for (const one of bill.components) {
      const name = one.group ? `${one.group}/${one.name}` : one.name;
      const locked = Object.entries(lock.packages).find(
        ([place, { version }]) => place.endsWith(`node_modules/${name}`) && version === one.version,
      )?.[1];
      expect([name, locked?.version]).toEqual([name, one.version]);
      expect(one.purl).toBe(`pkg:npm/${name.replace("@", "%40")}@${one.version}`);
      const { hashes, licenses } = one as typeof one & {
        hashes: { alg: string; content: string }[];
        licenses: object[];
      };
      const [hash] = hashes;
      expect(`sha512-${Buffer.from(hash?.content ?? "", "hex").toString("base64")}`).toBe(locked?.integrity);
      expect([name, licenses.length]).toEqual([name, 1]);
    }
  });

  it("is the same each time", () => {
    expect(JSON.stringify(cyclonedx(shippedFrom(ROOT)))).toBe(JSON.stringify(bill));
  });

  it("has what npm installs at a site, what the programs load, and what pages are made of", async () => {
    const installed = Object.entries(lock.packages)
      .filter(([place, locked]) => place !== "" && !("dev" in locked) && !("devOptional" in locked))
      .map(([place]) => place.split("node_modules/").at(-1));
    expect(installed.filter((name) => !names.includes(name as string))).toEqual([]);
    const metafile = await bundle(undefined, undefined, false);
    const loaded = ["cli", "gateway", "historian", "exporter", "mock-feeds"].flatMap((name) =>
      packagesOf(metafile, name),
    );
    expect(loaded.filter((name) => !names.includes(name))).toEqual([]);
    for (const name of [
      "react",
      "react-dom",
      "next",
      "echarts",
      "zrender",
      "maplibre-gl",
      "@deck.gl/core",
      "@fontsource/noto-sans-sc",
    ])
      expect(names).toContain(name);
  });

  it("has nothing that only builds and tests", () => {
    const tools = [
      "vitest",
      "eslint",
      "typescript",
      "esbuild",
      "@playwright/test",
      "lightningcss",
      "sharp",
      "tailwindcss",
      "tsx",
    ];
    expect(tools.filter((name) => names.includes(name))).toEqual([]);
  });

  it.runIf(existsSync(STANDALONE))("has each package that a build hands over for the pages' process", () => {
    const handed = readdirSync(STANDALONE).flatMap((name) =>
      name.startsWith("@") ? readdirSync(path.join(STANDALONE, name)).map((part) => `${name}/${part}`) : [name],
    );
    expect(handed.filter((name) => !names.includes(name))).toEqual([]);
  });
});
