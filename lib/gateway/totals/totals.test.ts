import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { loadCity } from "../../cities/load";
import { metricSchema, type CityFacts, type DistrictRule } from "../../contract/city";
import { QUALITIES, type Quality, type Reading } from "../../contract/readings";
import { readingTopic } from "../../contract/topics";
import { noticesIn } from "../../files/notices";
import { StoreAway } from "../../history/client/remote";
import { Hub } from "../hub";
import { Ingest } from "../ingest";
import { makeStats } from "../stats";
import type { Token } from "../tokens";
import { Totals, type TotalsParts } from "./totals";

const { facts: base } = await loadCity(path.resolve(import.meta.dirname, "../../../cities"), "lianyungang");
// Just before midnight in Shanghai: counters of the day begin anew within the run.
const T0 = Date.parse("2026-11-22T15:58:00Z");
const LIMIT = { a: 60, b: 90, c: 60 } as const;
const folder = mkdtempSync(path.join(os.tmpdir(), "citywall-totals-"));
afterAll(() => {
  for (const world of worlds) world.end();
  rmSync(folder, { recursive: true, force: true });
});

function cityWith(rule: DistrictRule, kind: "gauge" | "day", smallCell?: number): CityFacts {
  const metric = (id: "a" | "b" | "c", more: object): unknown => ({
    id,
    name: { zh: id, en: id },
    unit: { zh: "", en: "" },
    kind,
    interval: 10,
    limit: LIMIT[id],
    districts: true,
    system: "rating",
    ...more,
  });
  const metrics = [
    metric("a", { aggregate: { districts: rule, time: "last", total: "computed" }, smallCell }),
    metric("b", {}),
    metric("c", {}),
  ].map((raw) => metricSchema.parse(raw));
  return { ...base, districts: base.districts.slice(0, 3), metrics };
}

const token = {
  id: "t",
  hash: "",
  kind: "publish",
  city: "lianyungang",
  feed: "*",
  backfill: true,
  expires: null,
  addresses: null,
  note: "",
} satisfies Token;
const TOTAL = readingTopic("lianyungang", "all", "a");

interface Kept {
  topic: string;
  at: number;
  value: number;
  quality: Quality;
}

/** A gateway's readings over processes that are killed: the store keeps everything in order, and may be away. */
class World {
  readonly kept: Kept[] = [];
  now = T0;
  away = false;
  private alive = { value: true };
  private busy = 0;
  hub = new Hub(1);
  ingest: Ingest;
  totals: Totals;
  readonly file = path.join(folder, `${Math.random()}.json`);

  constructor(
    private readonly city: CityFacts,
    private readonly history = true,
  ) {
    worlds.push(this);
    [this.ingest, this.totals] = this.start();
  }

  private start(): [Ingest, Totals] {
    const alive = { value: true };
    this.alive = alive;
    this.busy = 0;
    const never = new Promise<never>(() => {});
    const recorder = {
      reading: ({ city, district, metric, at, value, quality }: Reading) => {
        if (alive.value) this.kept.push({ topic: readingTopic(city, district, metric), at, value, quality });
      },
      flushed: () => (alive.value ? Promise.resolve() : never),
    };
    const call = async (
      _method: string,
      { topics, from, to }: { topics: string[]; from: number; to: number },
    ): Promise<unknown> => {
      this.busy++;
      await new Promise((resolve) => setImmediate(resolve));
      if (!alive.value) return never;
      this.busy--;
      if (this.away) throw new StoreAway("away");
      const series = topics.map((topic) => {
        const rows = [...currentOf(this.kept, topic)].filter(([at]) => at >= from && at < to).sort(([a], [b]) => a - b);
        return {
          topic,
          at: rows.map(([at]) => at),
          values: { last: rows.map(([, row]) => row.value) },
          quality: rows.map(([, row]) => QUALITIES.indexOf(row.quality)),
        };
      });
      return { series, completeUntil: this.now, provisionalFrom: null };
    };
    const later = (_ms: number, task: () => void): (() => void) => {
      this.busy++;
      const handle = setImmediate(() => {
        if (!alive.value) return;
        this.busy--;
        task();
      });
      return () => {
        this.busy--;
        clearImmediate(handle);
      };
    };
    const history = this.history ? { recorder, ask: { call } as never, keptFor: 90 * 86_400_000 } : null;
    const totals = new Totals(
      { hub: this.hub, history, file: this.file, now: () => this.now, later } satisfies TotalsParts,
      [this.city],
    );
    return [new Ingest(this.hub, makeStats(), () => this.city, recorder as never, 90 * 86_400_000, totals), totals];
  }

  end(): void {
    this.alive.value = false;
  }

  kill(): void {
    this.end();
    [this.ingest, this.totals] = this.start();
  }

  publish(items: { district: number; metric: string; back: number; value: number; quality: Quality }[]): void {
    this.ingest.readings(
      items.map(({ district, metric, back, value, quality }) => ({
        city: "lianyungang",
        district: this.city.districts[district]?.adcode,
        metric,
        at: new Date(this.now - back).toISOString(),
        value,
        quality,
      })),
      token,
      this.now,
    );
  }

  async turns(count: number): Promise<void> {
    for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
  }

  async rest(): Promise<void> {
    for (let quiet = 0, i = 0; quiet < 6 && i < 5_000; i++) {
      await this.turns(1);
      quiet = this.busy === 0 ? quiet + 1 : 0;
    }
    expect(this.busy).toBe(0);
  }
}

const worlds: World[] = [];

function currentOf(kept: Kept[], topic: string): Map<number, Kept> {
  return new Map(kept.filter((row) => row.topic === topic).map((row) => [row.at, row]));
}

/** Metrics that a rule reads. */
function inputsOf(rule: DistrictRule): string[] {
  if (typeof rule === "string") return ["a"];
  return "ratio" in rule ? rule.ratio : ["a", rule.weightedBy];
}

/**
 * The totals there must be, by the rule as docs tell it: looked up reading by reading, for each moment at which a
 * district spoke.
 */
function oracle(
  city: CityFacts,
  kept: Kept[],
  rule: DistrictRule,
  kind: "gauge" | "day",
): Map<number, { value: number; quality: Quality }> {
  const inputs = inputsOf(rule) as ("a" | "b" | "c")[];
  const known = inputs.map((metric) =>
    city.districts.map((d) => [...currentOf(kept, readingTopic(city.id, d.adcode, metric)).values()]),
  );
  const out = new Map<number, { value: number; quality: Quality }>();
  const shanghaiDay = (at: number): number => Math.floor((at + 8 * 3_600_000) / 86_400_000);
  for (const at of new Set(known.flat(2).map((row) => row.at))) {
    const counting = known.map((districts, k) =>
      districts.map(
        (rows) =>
          rows
            .filter(
              (row) =>
                row.quality !== "bad" &&
                row.at <= at &&
                at - row.at <= LIMIT[inputs[k] as "a"] * 1000 &&
                (kind === "gauge" || shanghaiDay(row.at) === shanghaiDay(at)),
            )
            .sort((x, y) => y.at - x.at)[0],
      ),
    );
    if (counting.flat().some((row) => row === undefined)) continue;
    const [first = [], second = []] = counting.map((rows) => rows.map((row) => row?.value ?? NaN));
    const sum = (values: number[]): number => values.reduce((x, y) => x + y, 0);
    let value = sum(first);
    if (rule === "mean") value = sum(first) / first.length;
    else if (typeof rule === "object" && "ratio" in rule) value = sum(first) / sum(second);
    else if (typeof rule === "object") value = sum(first.map((v, i) => v * (second[i] ?? NaN))) / sum(second);
    if (Number.isFinite(value))
      out.set(at, {
        value,
        quality: counting.flat().some((row) => row?.quality === "uncertain") ? "uncertain" : "good",
      });
  }
  return out;
}

const RULES: DistrictRule[] = ["sum", "mean", { weightedBy: "b" }, { ratio: ["b", "c"] }];
const item = fc.record({
  district: fc.integer({ min: 0, max: 2 }),
  metric: fc.constantFrom("a", "b", "c"),
  back: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(0, 0, 1_000) },
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 24 }).map((n) => n * 5_000) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 100 }).map((n) => n * 60_000) },
  ),
  value: fc.integer({ min: 0, max: 50 }),
  quality: fc.constantFrom<Quality>("good", "good", "good", "good", "uncertain", "bad"),
});
/** All districts at one moment, as most feeds send. */
const round = fc
  .tuple(
    fc.constantFrom(0, 0, 5_000, 45_000),
    fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 9, maxLength: 9 }),
  )
  .map(([back, values]) =>
    values.map((value, i) => ({
      district: i % 3,
      metric: ["a", "b", "c"][Math.floor(i / 3)] as string,
      back,
      value,
      quality: "good" as const,
    })),
  );
const step = fc.oneof(
  { weight: 5, arbitrary: round.map((items) => ({ kind: "publish" as const, items })) },
  {
    weight: 4,
    arbitrary: fc.array(item, { minLength: 1, maxLength: 5 }).map((items) => ({ kind: "publish" as const, items })),
  },
  {
    weight: 5,
    arbitrary: fc.constantFrom(1_000, 5_000, 10_000, 70_000, 400_000).map((ms) => ({ kind: "wait" as const, ms })),
  },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 6 }).map((count) => ({ kind: "turns" as const, count })) },
  { weight: 1, arbitrary: fc.constant({ kind: "kill" as const }) },
  { weight: 1, arbitrary: fc.boolean().map((on) => ({ kind: "away" as const, on })) },
);

describe("totals of districts", () => {
  it(
    "are the same live, kept and counted out by hand, whatever came late, corrected, bad or never, over kills and a store away",
    { timeout: 60_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...RULES),
          fc.constantFrom("gauge" as const, "day" as const),
          fc.array(step, { minLength: 5, maxLength: 50 }),
          async (rule, kind, steps) => {
            const city = cityWith(rule, kind);
            const world = new World(city);
            for (const one of steps) {
              if (one.kind === "publish") world.publish(one.items);
              else if (one.kind === "wait") world.now += one.ms;
              else if (one.kind === "turns") await world.turns(one.count);
              else if (one.kind === "kill") world.kill();
              else world.away = one.on;
            }
            world.away = false;
            await world.rest();
            const totals = currentOf(world.kept, TOTAL);
            const told = [...totals.values()].filter(({ quality }) => quality !== "bad").sort((x, y) => x.at - y.at);
            const expected = [...oracle(city, world.kept, rule, kind)].sort(([x], [y]) => x - y);
            expect(told.map(({ at, quality }) => ({ at, quality }))).toEqual(
              expected.map(([at, { quality }]) => ({ at, quality })),
            );
            told.forEach(({ value }, i) => expect(value).toBeCloseTo(expected[i]?.[1].value ?? NaN, 9));
            const state = world.hub.state(TOTAL);
            const live = state?.kind === "reading" ? state.last : null;
            const newest = Math.max(...totals.keys());
            if (totals.size > 0)
              expect(live).toEqual({
                at: newest,
                value: totals.get(newest)?.value,
                quality: totals.get(newest)?.quality,
              });
            else expect(live).toBeNull();
          },
        ),
        { numRuns: 80 },
      );
    },
  );

  const all = (
    value: number,
    back = 0,
    metric = "a",
  ): { district: number; metric: string; back: number; value: number; quality: Quality }[] =>
    [0, 1, 2].map((district) => ({ district, metric, back, value: value + district, quality: "good" }));

  it("one for a batch of one moment, and none again for the same batch", async () => {
    const world = new World(cityWith("sum", "gauge"));
    await world.rest();
    world.publish(all(10));
    world.publish(all(10));
    expect(world.kept.filter(({ topic }) => topic === TOTAL)).toEqual([
      { topic: TOTAL, at: T0, value: 33, quality: "good" },
    ]);
  });

  it("are not made of some districts: nothing is published, the last total ages, and who is missing is told", async () => {
    const world = new World(cityWith("sum", "gauge"));
    await world.rest();
    world.publish(all(10));
    world.now += 61_000;
    world.publish(all(20).slice(0, 2));
    expect(world.kept.filter(({ topic }) => topic === TOTAL).map(({ at }) => at)).toEqual([T0]);
    expect(world.totals.missing("lianyungang", "a", world.now)).toEqual([base.districts[2]?.adcode]);
    world.publish(all(20).slice(2));
    expect(world.totals.missing("lianyungang", "a", world.now)).toEqual([]);
    expect(currentOf(world.kept, TOTAL).get(world.now)?.value).toBe(63);
  });

  it("is withdrawn when a district takes its reading back", async () => {
    const world = new World(cityWith("sum", "gauge"));
    await world.rest();
    world.publish(all(10));
    world.publish([{ district: 1, metric: "a", back: 0, value: 11, quality: "bad" }]);
    expect(currentOf(world.kept, TOTAL).get(T0)).toMatchObject({ value: 33, quality: "bad" });
    world.publish([{ district: 1, metric: "a", back: 0, value: 12, quality: "good" }]);
    expect(currentOf(world.kept, TOTAL).get(T0)).toMatchObject({ value: 34, quality: "good" });
  });

  it("mix no two days of a counter: after midnight all districts have to speak", async () => {
    const world = new World(cityWith("sum", "day"));
    await world.rest();
    world.now = Date.parse("2026-11-22T15:59:59Z");
    world.publish(all(1_000));
    world.now += 2_000;
    world.publish(all(0).slice(0, 2));
    expect(currentOf(world.kept, TOTAL).has(world.now)).toBe(false);
    world.publish(all(0).slice(2));
    expect(currentOf(world.kept, TOTAL).get(world.now)?.value).toBe(3);
  });

  it("is an estimate, and says so, where a small cell is in it", async () => {
    const world = new World(cityWith("sum", "gauge", 10));
    await world.rest();
    world.publish(all(9));
    expect(currentOf(world.kept, TOTAL).get(T0)).toMatchObject({ value: 5 + 10 + 11, quality: "uncertain" });
  });

  it("come from what this process has seen where no past is kept", () => {
    const world = new World(cityWith("sum", "gauge"), false);
    world.publish(all(10, 3_600_000));
    world.publish(all(20));
    const state = world.hub.state(TOTAL);
    expect(state?.kind === "reading" && state.coarse.toArray()).toEqual([T0 - 3_600_000, 33, T0, 63]);
  });

  it("refuses to take one from a feed, and names the metric", () => {
    const world = new World(cityWith("sum", "gauge"));
    const answer = world.ingest.readings(
      [
        { city: "lianyungang", metric: "a", at: new Date(T0).toISOString(), value: 1 },
        { city: "lianyungang", metric: "b", at: new Date(T0).toISOString(), value: 1 },
      ],
      token,
      T0,
    );
    expect(answer).toMatchObject({
      accepted: 1,
      rejected: [{ index: 0, reason: "computed", field: "district", detail: expect.stringContaining('"a"') as string }],
    });
  });

  it("is made again of all that is kept where what waited for the store cannot be read any more", async () => {
    const world = new World(cityWith("sum", "gauge"));
    await world.rest();
    world.publish(all(10));
    await world.rest();
    world.away = true;
    // A month before the last total: only the file says that it waits.
    world.publish(all(20, 40 * 86_400_000));
    expect(currentOf(world.kept, TOTAL).size).toBe(1);
    await world.totals.written();
    writeFileSync(world.file, "");
    world.kill();
    world.away = false;
    await world.rest();
    expect(currentOf(world.kept, TOTAL).get(T0 - 40 * 86_400_000)?.value).toBe(63);
    expect(noticesIn(folder)).toMatchObject([{ what: "totals", file: world.file }]);
  });
});
