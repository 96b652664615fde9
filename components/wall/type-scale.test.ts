import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { typeScale } from "@/lib/contract/screens";

it("has a rule for every size of type that a display can ask for", () => {
  const css = readFileSync(path.join(import.meta.dirname, "type-scale.css"), "utf8");
  const rules = new Map(
    [...css.matchAll(/data-type-scale="([\d.]+)"\]\) \{\s+--type-scale: ([\d.]+);/g)].map(([, a, b]) => [a, b]),
  );
  for (let distance = 0.2; distance < 40; distance *= 1.01) {
    const scale = String(typeScale({ height: 1.35, distance }));
    if (scale !== "1") expect(rules.get(scale), scale).toBe(scale);
  }
});
