import { readFileSync } from "node:fs";
import path from "node:path";
import type { Layer } from "@deck.gl/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { loadCity } from "@/lib/cities/load";
import { LiveStore } from "@/lib/live/live-store";
import { makePalette, putToUse } from "@/components/ui/theme";
import { makeLand } from "./land";
import type { Districts, LayerContext, Roads } from "./layer";
import { layers, type LayerType } from "./layers";
import { layerViews } from "./layers/views";
import { qualityMarks } from "./quality-marks";

// There is no canvas here to paint on: what is told apart is one from the other.
vi.mock("./marks/atlas", () => ({
  writeTexts: () => ({ canvas: { painted: Math.random() }, pictures: new Map() }),
  paintRow: () => ({ canvas: { painted: Math.random() }, frames: [] }),
}));

vi.stubGlobal("devicePixelRatio", 1);

const CITIES = path.resolve(import.meta.dirname, "../../../cities");
const { facts } = await loadCity(CITIES, "lianyungang");
const file = (name: string): unknown => JSON.parse(readFileSync(path.join(CITIES, "lianyungang", name), "utf8"));
const districts = file("districts.geojson") as Districts;
const live = new LiveStore(() => 100_000);
const context: LayerContext = {
  city: facts,
  lang: "zh",
  live,
  districts,
  roads: file("roads.geojson") as Roads,
  rem: () => 16,
  zoom: () => 8,
  metresPerPixel: () => 300,
  project: () => [0, 0],
  room: () => null,
  occupied: () => [],
  still: () => false,
  fill: null,
  selected: () => null,
};

/** What deck.gl looks at to know whether colours or pictures have to be sent anew. */
function looks(drawn: Layer[]): string[] {
  return drawn.map((layer) => {
    const props = layer.props as unknown as Record<string, unknown>;
    const { colorKey, marksKey, atlas, updateTriggers, colorRange, getFillColor, edge } = props;
    return JSON.stringify([layer.id, colorKey, marksKey, atlas, updateTriggers, colorRange, getFillColor, edge]);
  });
}

afterEach(() => putToUse(makePalette("night")));

describe("a map whose theme turns", () => {
  const parts: [string, () => Promise<() => Layer[]>][] = [
    ...(Object.keys(layers) as LayerType[]).map((type): [string, () => Promise<() => Layer[]>] => [
      type,
      async () => {
        const { default: make } = await layerViews[type]();
        const made = make(layers[type].schema.parse(layers[type].sample), context);
        return () => made.draw(100_000);
      },
    ]),
    [
      "the land",
      async () => {
        const ground = { districts, surroundings: null, place: "1", lang: "zh" } as const;
        return makeLand(ground, [], { ...context, covers: () => [] });
      },
    ],
    [
      "marks of quality",
      async () => {
        const marked = qualityMarks("test", context);
        return () => marked([{ at: [119, 34.5], quality: "bad" }]);
      },
    ],
  ];

  it.each(parts)("draws %s anew, and only then", async (_name, make) => {
    const draw = await make();
    const night = looks(draw());
    expect(night.length).toBeGreaterThan(0);
    expect(looks(draw())).toEqual(night);
    putToUse(makePalette("day"));
    const day = looks(draw());
    expect(day).toHaveLength(night.length);
    day.forEach((look, i) => expect(look).not.toBe(night[i]));
    expect(looks(draw())).toEqual(day);
  });
});
