import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { loadCity } from "@/lib/cities/load";
import { boundsOf, districtAt, framesFor, neighbour } from "./map-option";
import type { Districts } from "./layer";

const CITIES = path.resolve(import.meta.dirname, "../../../cities");
const { facts } = await loadCity(CITIES, "lianyungang");
const districts = JSON.parse(readFileSync(path.join(CITIES, "lianyungang/districts.geojson"), "utf8")) as Districts;

describe("districtAt", () => {
  it("finds each district at its seat and nothing at sea", () => {
    for (const district of facts.districts)
      expect(districtAt(districts, ...district.seat), district.name.en).toBe(district.adcode);
    expect(districtAt(districts, 122, 34)).toBeNull();
  });
});

describe("boundsOf", () => {
  it("is the city's, or one district's inside it", () => {
    const all = boundsOf(districts);
    const one = boundsOf(districts, "320706");
    expect(one[0][0]).toBeGreaterThanOrEqual(all[0][0]);
    expect(one[1][1]).toBeLessThanOrEqual(all[1][1]);
    expect(one[1][0] - one[0][0]).toBeLessThan(all[1][0] - all[0][0]);
  });
});

describe("neighbour", () => {
  it("walks the map by arrows: north of Haizhou is Ganyu, west Donghai", () => {
    expect(neighbour(facts.districts, "320706", "ArrowUp")).toBe("320707");
    expect(neighbour(facts.districts, "320706", "ArrowLeft")).toBe("320722");
  });

  it("starts somewhere and reaches every district by arrows alone", () => {
    const reached = new Set<string>();
    const queue = [neighbour(facts.districts, null, "ArrowRight")];
    while (queue.length > 0) {
      const here = queue.pop();
      if (!here || reached.has(here)) continue;
      reached.add(here);
      for (const arrow of ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"] as const)
        queue.push(neighbour(facts.districts, here, arrow));
    }
    expect(reached.size).toBe(6);
  });
});

describe("framesFor", () => {
  it("draws no oftener than motion can be seen", () => {
    expect([framesFor(0), framesFor(0.1), framesFor(4), framesFor(400)]).toEqual([0, 1, 12, 30]);
  });
});
