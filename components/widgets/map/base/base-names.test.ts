import { createExpression, featureFilter } from "@maplibre/maplibre-gl-style-spec";
import { describe, expect, it } from "vitest";
import type { Lang } from "@/lib/contract/city";
import { makePalette } from "@/components/ui/theme";
import { nameIn, nameLayers } from "./base-names";
import { drawingOf } from "./drawing";

function written(lang: Lang, properties: Record<string, string>): unknown {
  const made = createExpression(nameIn(lang), "layers[0].layout.text-field");
  if (made.result !== "success") throw new Error(JSON.stringify(made.value));
  return made.value.evaluate({ zoom: 10 }, { type: 1, properties } as never);
}

describe("a name of a base map", () => {
  it.each<[Lang, Record<string, string>, string]>([
    ["zh", { name: "Monaco", "name:zh": "摩纳哥", "name:en": "Monaco" }, "摩纳哥"],
    ["zh", { name: "海州", "name:en": "Haizhou" }, "海州"],
    ["zh", { "name:latin": "Fontvieille" }, "Fontvieille"],
    ["en", { name: "海州", "name:en": "Haizhou" }, "Haizhou"],
    ["en", { name: "海州", name_en: "Haizhou" }, "Haizhou"],
    ["en", { name: "海州" }, "海州"],
    ["en", {}, ""],
  ])("on a page in %s of %j is %j", (lang, properties, name) => expect(written(lang, properties)).toBe(name));

  it("is left out where the map writes it itself", () => {
    const look = {
      colors: makePalette("night"),
      rem: 16,
      lang: "zh",
      boundaries: false,
      own: ["海州区", "Haizhou"],
    } as const;
    const bounds: [number, number, number, number] = [0, 0, 1, 1];
    const map = {
      kind: "vector",
      schema: "openmaptiles",
      version: "a",
      attribution: "",
      bounds,
      minZoom: 0,
      maxZoom: 9,
    } as const;
    const city = nameLayers(drawingOf(map, look)).find(({ id }) => id === "base-city");
    const { filter } = featureFilter((city as unknown as { filter: never }).filter, "layers[0].filter");
    const drawn = (name: string): boolean =>
      filter({ zoom: 10 }, { type: 1, properties: { class: "city", name } } as never);
    expect([drawn("海州区"), drawn("新浦")]).toEqual([false, true]);
  });
});
