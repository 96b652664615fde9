import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { widgets } from "../../components/widgets";
import { layers } from "../../components/widgets/map/layers";

/** The same registries as browsers have them. */
const small = await (async () => {
  vi.resetModules();
  vi.doMock("zod", () => import("./zod-in-browser"));
  const registries = {
    widgets: (await import("../../components/widgets")).widgets,
    layers: (await import("../../components/widgets/map/layers")).layers,
  };
  vi.doUnmock("zod");
  return registries;
})();

const CITIES = path.resolve(import.meta.dirname, "../../cities");

interface TileFile {
  widget: string;
  settings?: Record<string, unknown>;
}

const tiles = readdirSync(CITIES, { recursive: true, encoding: "utf8" })
  .filter((name) => /screens\/.*\.json$/.test(name))
  .flatMap((name) => (JSON.parse(readFileSync(path.join(CITIES, name), "utf8")) as { tiles: TileFile[] }).tiles);

type Judged = { success: boolean; data?: unknown };
const judge = (schema: { safeParse: (value: unknown) => Judged }, value: unknown): unknown => {
  const { success, data } = schema.safeParse(value);
  return success ? data : "refused";
};

/** A value and what it becomes when one of its parts is lost, of another kind or too many. */
function spoilt(value: unknown): unknown[] {
  if (Array.isArray(value))
    return [
      [],
      [...(value as unknown[]), 7],
      Array.from({ length: 200 }, () => (value as unknown[])[0]),
      ...value.flatMap((item, i) => spoilt(item).map((other) => value.with(i, other))),
    ];
  if (typeof value !== "object" || value === null) return [null, "", "No Such", -1, 1.5, 1e9, true, {}];
  const entries = Object.entries(value);
  return [
    { ...value, unheard: 1 },
    ...entries.map(([key]) => Object.fromEntries(entries.filter(([other]) => other !== key))),
    ...entries.flatMap(([key, part]) => spoilt(part).map((other) => ({ ...value, [key]: other }))),
  ];
}

describe("what browsers have for zod", () => {
  it("is not what gateway and commands have", () => {
    expect(small.widgets).not.toBe(widgets);
    expect("toJSONSchema" in widgets.line.definition.schema).toBe(true);
    expect("toJSONSchema" in small.widgets.line.definition.schema).toBe(false);
  });

  it.each(Object.keys(widgets) as (keyof typeof widgets)[])(
    "judges settings of %s as zod does, with its defaults",
    (type) => {
      const own = tiles.filter(({ widget }) => widget === type).map(({ settings = {} }) => settings);
      const values = [{}, widgets[type].definition.sample, ...own];
      for (const value of values.flatMap((one) => [one, ...spoilt(one)]))
        expect({ value, judged: judge(small.widgets[type].definition.schema, value) }).toEqual({
          value,
          judged: judge(widgets[type].definition.schema, value),
        });
    },
  );

  it.each(Object.keys(layers) as (keyof typeof layers)[])("judges settings of the layer %s as zod does", (type) => {
    const { schema, sample } = layers[type];
    for (const value of [sample, ...spoilt(sample)])
      expect({ value, judged: judge(small.layers[type].schema, value) }).toEqual({
        value,
        judged: judge(schema, value),
      });
  });
});
