import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CityEvent } from "../../contract/events";
import type { Quality } from "../../contract/readings";
import { annotate, annotationById, annotationsOf, unannotate } from "./annotations";
import { parseHistoryConfig } from "../config";
import type { Engine } from "./engine";
import { ENGINES, freshPostgres } from "./fresh-engine";
import { Historian } from "./historian";
import { DEGREE } from "./schema";
import { LIVE } from "../writer/journal";
import { ColumnsBuilder, JournalWriter, segmentFile, type JournalBatch } from "../writer/journal";
import { eventsBetween } from "./events";
import { pastChanges, pastScreen, pastSnapshot } from "./snapshot";
import { metricQuality } from "./quality";
import { bucketEdges, type Step } from "../../clock";
import { TIMESCALE_STAND_IN } from "./test-timescale";
import { queryHistory, type HistoryQuery } from "./query";
import { type Aggregate } from "../../contract/history";

const T0 = Date.parse("2026-11-20T16:00:00Z"); // midnight in Shanghai
/** the oldest reading of these tests, a week before clocks change in America */
const OLDEST = Date.parse("2026-10-25T00:00:00Z");
const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const A = "reading/lianyungang/all/cases-today";
const B = "reading/lianyungang/320706/cases-today";
const server = process.env.CITYWALL_TEST_POSTGRES;
/** Address of a server with the real TimescaleDB, for whoever has one. */
const timescale = process.env.CITYWALL_TEST_TIMESCALE;

type Given = [topic: string, observed: number, value: number, recorded?: number, quality?: Quality, sequence?: number];

function batch(readings: Given[], more: Partial<JournalBatch> = {}): JournalBatch {
  const columns = new ColumnsBuilder();
  for (const [topic, observed, value, recorded, quality, sequence] of readings)
    columns.add(topic, observed, recorded ?? observed + 200, value, quality ?? "good", sequence);
  return { readings: columns.take(), events: [], positions: [], screens: [], ...more };
}

const engines = [...ENGINES];
if (server) engines.push(["postgres with a stand-in for TimescaleDB", () => freshPostgres(server, TIMESCALE_STAND_IN)]);
if (timescale) engines.push(["postgres with TimescaleDB", () => freshPostgres(timescale, undefined, ",public")]);

describe.each(engines)("history on %s", (kind, fresh) => {
  let engine: Engine;
  let drop: () => Promise<void>;
  let historian: Historian;
  let segment = 0;
  const give = (given: JournalBatch): Promise<void> =>
    historian.apply([given], LIVE, { segment: 1, offset: ++segment });
  async function keepAll(now: number): Promise<void> {
    while (await historian.maintain(now));
  }
  const ask = (query: Partial<HistoryQuery> & { topics: string[] }) =>
    queryHistory(historian, {
      series: query.topics.map((topic) => historian.series(topic) as number),
      from: T0,
      to: T0 + DAY,
      step: HOUR,
      aggregates: ["avg"],
      fill: "none",
      timeZone: "Asia/Shanghai",
      now: T0 + 30 * DAY,
      ...query,
    });

  beforeAll(async () => {
    ({ engine, drop } = await fresh());
    historian = new Historian(engine, parseHistoryConfig({}));
    await historian.open(T0);
    // One reading a minute for two days: A rises by one a minute within each hour, B is constant.
    const readings: Given[] = [];
    for (let i = 0; i < 2 * 1440; i++) readings.push([A, T0 + i * MINUTE, i % 60], [B, T0 + i * MINUTE, 7]);
    await give(batch(readings));
    await keepAll(T0 + 2 * DAY + 2 * MINUTE);
  });
  afterAll(async () => {
    await engine.close();
    await drop();
  });

  it("answers the same from rollups as from readings", async () => {
    for (const step of [MINUTE, 5 * MINUTE, HOUR, DAY]) {
      const aggregates = ["avg", "sum", "count", "min", "max", "last"] as const;
      const rolled = await ask({ topics: [A, B], step, aggregates: [...aggregates], to: T0 + 2 * DAY });
      const raw = await ask({
        topics: [A, B],
        step,
        aggregates: [...aggregates],
        to: T0 + 2 * DAY,
        asOf: T0 + 10 * DAY,
      });
      expect(rolled).toEqual(raw);
      expect(rolled[0]?.at).toHaveLength((2 * DAY) / step);
    }
    const [hours] = await ask({ topics: [A], aggregates: ["avg", "p05", "p50", "p95", "count"] });
    expect([
      hours?.values.avg?.[3],
      hours?.values.p05?.[3],
      hours?.values.p50?.[3],
      hours?.values.p95?.[3],
      hours?.values.count?.[3],
    ]).toEqual([29.5, 2, 29, 56, 60]);
  });

  it("begins days at midnight of the zone that is asked for", async () => {
    const [shanghai] = await ask({ topics: [B], step: DAY, aggregates: ["count"], to: T0 + 2 * DAY });
    expect([shanghai?.at, shanghai?.values.count]).toEqual([
      [T0, T0 + DAY],
      [1440, 1440],
    ]);
    const [utc] = await ask({
      topics: [B],
      step: DAY,
      aggregates: ["count"],
      timeZone: "UTC",
      from: T0,
      to: T0 + 2 * DAY,
    });
    expect(utc?.at[0]).toBe(Date.parse("2026-11-20T00:00:00Z"));
    expect(utc?.values.count).toEqual([480, 1440, 960]);
  });

  it("keeps what was shown then when a value is corrected, and makes its rollups anew", async () => {
    const at = T0 + 30 * MINUTE;
    const corrected = T0 + 3 * DAY;
    await give(batch([[A, at, 90, corrected]]));
    await keepAll(corrected + 400_000);
    const [now] = await ask({ topics: [A], to: T0 + HOUR, aggregates: ["max", "count"] });
    expect([now?.values.max, now?.values.count]).toEqual([[90], [60]]);
    const [then] = await ask({ topics: [A], to: T0 + HOUR, aggregates: ["max", "count"], asOf: corrected - 1 });
    expect([then?.values.max, then?.values.count]).toEqual([[59], [60]]);
    const raw = await ask({ topics: [A], step: 0, from: at, to: at + 1 });
    expect(raw[0]?.values.last).toEqual([90]);
    const quality = await metricQuality(
      historian,
      { topic: A, from: T0, to: T0 + 2 * DAY, interval: 60, limit: 180, timeZone: "Asia/Shanghai" },
      T0 + 2 * DAY,
    );
    expect(quality.revisions).toEqual([]);
    const later = await metricQuality(
      historian,
      { topic: A, from: corrected, to: corrected + 1, interval: 60, limit: 180, timeZone: "Asia/Shanghai" },
      corrected + DAY,
    );
    expect(later.revisions).toEqual([
      { at, before: 30, after: 90, quality: ["good", "good"], shown: at + 200, corrected },
    ]);
    expect(quality.hours).toHaveLength(48);
    expect(quality.hours.every((hour) => hour.complete === 1)).toBe(true);
    expect([quality.lag, quality.late]).toEqual([{ p50: 200, p95: 200 }, 0]);
  });

  it("shows a past moment as it was known then, and as it was corrected since", async () => {
    const at = T0 + 30 * MINUTE + 500;
    const then = await pastSnapshot(historian, { at, knowledge: "then", topics: [{ topic: A, spans: [900, 7_200] }] });
    const since = await pastSnapshot(historian, { at, knowledge: "since", topics: [{ topic: A, spans: [] }] });
    expect(then.topics[A]).toMatchObject({ kind: "reading", last: { at: T0 + 30 * MINUTE, value: 30 } });
    expect(since.topics[A]).toMatchObject({ last: { value: 90 } });
    expect((then.topics[A] as { series: number[] }).series.slice(-2)).toEqual([T0 + 30 * MINUTE, 30]);
    expect(
      (await pastSnapshot(historian, { at: T0 - DAY, knowledge: "then", topics: [{ topic: A, spans: [60] }] })).topics[
        A
      ],
    ).toEqual({ kind: "reading", offset: 1, last: null, series: [] });
  });

  it("replays changes in the order a wall showed them", async () => {
    const from = T0 + DAY;
    const late = from + 90_000;
    await give(batch([[B, from + 30_000, 8, late]]));
    const then = await pastChanges(historian, {
      from,
      to: from + 2 * MINUTE,
      knowledge: "then",
      downsample: 0,
      topics: [A, B],
    });
    const ofB = then.readings.topic.flatMap((topic, i) =>
      topic === 1 ? [[then.readings.when[i], then.readings.value[i]]] : [],
    );
    expect(ofB).toEqual([
      [from + 200, 7],
      [from + MINUTE + 200, 7],
      [late, 8],
    ]);
    const since = await pastChanges(historian, {
      from,
      to: from + 2 * MINUTE,
      knowledge: "since",
      downsample: 0,
      topics: [B],
    });
    expect(since.readings.value).toEqual([8, 7, 7]);
    const downsample = await pastChanges(historian, {
      from,
      to: from + HOUR,
      knowledge: "since",
      downsample: 10 * MINUTE,
      topics: [A],
    });
    expect(downsample.readings.value).toHaveLength(7);
  });

  it("lets the last sent of several values for one moment stand, in every answer and as often as it is asked", async () => {
    const topic = "reading/lianyungang/all/tied";
    const at = T0 + DAY + 5_000;
    await give(
      batch([
        [topic, at, 1, at + 300, "good", 0],
        [topic, at, 3, at + 300, "good", 2],
        [topic, at, 2, at + 300, "good", 1],
      ]),
    );
    for (const rolled of [false, true]) {
      if (rolled) await keepAll(T0 + 3 * DAY);
      for (let again = 0; again < 3; again++) {
        expect((await ask({ topics: [topic], step: 0, from: at, to: at + 1 }))[0]?.values.last).toEqual([3]);
        expect(
          (await ask({ topics: [topic], step: MINUTE, from: at, to: at + 1, aggregates: ["last", "count"] }))[0]
            ?.values,
        ).toEqual({ last: [3], count: [1] });
        expect(
          (await pastSnapshot(historian, { at: at + 1_000, knowledge: "then", topics: [{ topic, spans: [900] }] }))
            .topics[topic],
        ).toMatchObject({ last: { at, value: 3 }, series: [at, 3] });
      }
    }
    const { readings } = await pastChanges(historian, {
      from: at,
      to: at + 1_000,
      knowledge: "then",
      downsample: 0,
      topics: [topic],
    });
    expect(readings.value).toEqual([1, 2, 3]);
  });

  it("tells of no moment what was recorded later, however long ago it is", async () => {
    const topic = "reading/lianyungang/all/came-late";
    const now = T0 + 2 * DAY;
    // First heard of at 22:00, with values of the hours and the day before.
    const hours = Array.from({ length: 20 }, (_, i): Given => [topic, now - (i + 1) * HOUR, i, now]);
    await give(batch(hours.reverse()));
    await keepAll(T0 + 3 * DAY);
    for (const at of [now - 75 * MINUTE, now - 3 * HOUR - 1, now - 1]) {
      expect(
        (await pastSnapshot(historian, { at, knowledge: "then", topics: [{ topic, spans: [900, 86_400, 604_800] }] }))
          .topics[topic],
      ).toEqual({ kind: "reading", offset: 1, last: null, series: [] });
    }
    const since = await pastSnapshot(historian, {
      at: now - 75 * MINUTE,
      knowledge: "since",
      topics: [{ topic, spans: [86_400] }],
    });
    expect(since.topics[topic]).toMatchObject({ last: { at: now - 2 * HOUR, value: 1 } });
    expect((since.topics[topic] as { series: number[] }).series).toHaveLength(2 * 19);
    const later = await pastSnapshot(historian, {
      at: now + 5 * HOUR,
      knowledge: "then",
      topics: [{ topic, spans: [86_400] }],
    });
    expect(later.topics[topic]).toMatchObject({ last: { at: now - HOUR, value: 0 } });
    expect(
      (await ask({ topics: [topic], from: now - DAY, to: now, step: HOUR, aggregates: ["count"], asOf: now - 1 }))[0]
        ?.at,
    ).toEqual([]);
  });

  it("tells of no moment what was recorded later, though its rollup is made while it is asked", async () => {
    const topic = "reading/lianyungang/all/made-meanwhile";
    const at = T0 + 7 * HOUR;
    await give(batch([[topic, at, 1]]));
    await keepAll(T0 + 3 * DAY);
    await give(batch([[topic, at, 2, T0 + 3 * DAY]]));
    // The store's own work goes on between the statements of one question.
    let work: Promise<void> | null = null;
    const query = (...asked: Parameters<Engine["query"]>) =>
      engine.query(...asked).then(async (rows) => {
        if (asked[0].includes("late_recorded >")) await (work ??= keepAll(T0 + 3 * DAY + HOUR));
        return rows;
      });
    const meanwhile = Object.create(historian, { engine: { value: { ...engine, query } } }) as Historian;
    const [then] = await queryHistory(meanwhile, {
      series: [historian.series(topic) as number],
      from: T0,
      to: T0 + DAY,
      step: HOUR,
      aggregates: ["sum", "last"],
      fill: "none",
      timeZone: "UTC",
      asOf: T0 + 2 * DAY,
      now: T0 + 3 * DAY,
    });
    expect(then?.values).toEqual({ sum: [1], last: [1] });
  });

  it("answers with corrections and gaps filled in before their rollups are made again", async () => {
    const topic = "reading/lianyungang/all/amended";
    const from = T0 + 2 * HOUR;
    await give(batch(Array.from({ length: 120 }, (_, i): Given => [topic, from + i * MINUTE, 10])));
    await keepAll(T0 + 3 * DAY);
    await give(
      batch([
        [topic, from, 70, T0 + 3 * DAY],
        [topic, from + 30_000, 40, T0 + 3 * DAY],
        [topic, T0 + 20 * HOUR, 5, T0 + 3 * DAY],
      ]),
    );
    const sums = async (): Promise<unknown> =>
      Promise.all(
        [MINUTE, HOUR, DAY].map(
          async (step) =>
            (await ask({ topics: [topic], step, aggregates: ["sum", "max"], to: T0 + DAY, fill: "none" }))[0]?.values,
        ),
      );
    const before = await sums();
    await keepAll(T0 + 4 * DAY);
    expect(await sums()).toEqual(before);
    expect((before as { sum: number[] }[]).map(({ sum }) => sum.reduce((a, b) => a + b, 0))).toEqual([
      1_305, 1_305, 1_305,
    ]);
  });

  it("leaves what is bad out of every aggregate, and says how much", async () => {
    const topic = "reading/lianyungang/all/doubtful";
    const from = T0 + 5 * HOUR;
    const given: Given[] = [
      [topic, from, 10],
      [topic, from + MINUTE, 900, undefined, "bad"],
      [topic, from + 2 * MINUTE, 20, undefined, "uncertain"],
      [topic, from + 70 * MINUTE, 7, undefined, "bad"],
    ];
    await give(batch(given));
    for (const rolled of [false, true]) {
      if (rolled) await keepAll(T0 + 5 * DAY);
      const [hours] = await ask({
        topics: [topic],
        from,
        to: from + 2 * HOUR,
        aggregates: ["avg", "sum", "count", "min", "max", "last", "p50"],
      });
      expect(hours).toMatchObject({
        bad: [1, 1],
        uncertain: [1, 0],
        values: {
          avg: [15, null],
          sum: [30, null],
          count: [2, 0],
          min: [10, null],
          max: [20, null],
          last: [20, null],
          p50: [10, null],
        },
      });
      const [day] = await ask({ topics: [topic], step: DAY, aggregates: ["sum", "count"], to: T0 + DAY });
      expect(day).toMatchObject({ bad: [2], uncertain: [1], values: { sum: [30], count: [2] } });
      const shown = await pastSnapshot(historian, {
        at: from + 80 * MINUTE,
        knowledge: "then",
        topics: [{ topic, spans: [86_400] }],
      });
      expect(shown.topics[topic]).toEqual({
        kind: "reading",
        offset: 1,
        last: { at: from + 70 * MINUTE, value: 7, quality: "bad" },
        series: [from, 10, from + MINUTE, 900, from + 2 * MINUTE, 20, from + 70 * MINUTE, 7],
        marks: [1, 2, 2, 1, 3, 2],
      });
    }
    // The same value with another quality is another version of it.
    await give(batch([[topic, from + MINUTE, 900, T0 + 5 * DAY, "good"]]));
    expect((await ask({ topics: [topic], from, to: from + HOUR, aggregates: ["sum"] }))[0]).toMatchObject({
      uncertain: [1],
      values: { sum: [930] },
    });
    expect((await ask({ topics: [topic], step: 0, from, to: from + HOUR }))[0]).toMatchObject({
      quality: [0, 0, 1],
      values: { last: [10, 900, 20] },
    });
  });

  it("tells what counters rose by, through resets, days and changes of the clocks", async () => {
    const topic = "reading/lianyungang/all/counter";
    const zone = "America/Los_Angeles";
    // 2026-11-01: a day of 25 hours in Los Angeles.
    const midnight = Date.parse("2026-11-01T07:00:00Z");
    // Counted since local midnight: 3 more each half hour, from 2 on at the first reading of a day.
    const given: Given[] = [];
    for (let day = 0, start = midnight; day < 2; start += day === 0 ? 25 * HOUR : 24 * HOUR, day++) {
      for (let i = 0; i < (day === 0 ? 50 : 48); i++) given.push([topic, start + i * 30 * MINUTE, 2 + 3 * i]);
    }
    await give(batch(given));
    const resets = new Map([[historian.series(topic) as number, zone]]);
    for (const rolled of [false, true]) {
      if (rolled) await keepAll(T0 + 5 * DAY);
      const rises = async (
        step: Step,
        aggregates: Aggregate[] = ["increase"],
        to = midnight + 49 * HOUR,
      ): Promise<unknown> =>
        (await ask({ topics: [topic], from: midnight, to, step, aggregates, timeZone: zone, resets }))[0]?.values;
      expect(await rises(DAY)).toEqual({ increase: [149, 143] });
      // The first has what the day began with.
      expect(await rises(6 * HOUR)).toEqual({ increase: [2 + 13 * 3, 36, 36, 36, 35, 36, 36, 36] });
      expect(await rises("month")).toEqual({ increase: [292] });
      expect(await rises(HOUR, ["rate"], midnight + 2 * HOUR)).toEqual({ rate: [5 / 3600, 6 / 3600] });
      expect(await rises("week", ["increase"])).toEqual({ increase: [149, 143] });
    }
    const totals = "reading/lianyungang/all/total";
    await give(
      batch([
        [totals, T0, 100],
        [totals, T0 + 10 * MINUTE, 130],
        [totals, T0 + 70 * MINUTE, 5],
        [totals, T0 + 80 * MINUTE, 9],
      ]),
    );
    for (const rolled of [false, true]) {
      if (rolled) await keepAll(T0 + 6 * DAY);
      expect((await ask({ topics: [totals], to: T0 + 2 * HOUR, aggregates: ["increase"] }))[0]?.values).toEqual({
        increase: [30, 9],
      });
      expect(
        (await ask({ topics: [totals], from: T0 + HOUR, to: T0 + 2 * HOUR, aggregates: ["increase"] }))[0]?.values,
      ).toEqual({ increase: [9] });
    }
  });

  it("loses nothing behind a change of the clocks, whatever the step", async () => {
    const topic = "reading/lianyungang/all/clocks";
    const from = OLDEST;
    await give(batch(Array.from({ length: 14 * 48 }, (_, i): Given => [topic, from + i * 30 * MINUTE, i % 97])));
    await keepAll(T0 + 6 * DAY);
    for (const timeZone of [
      "America/Los_Angeles",
      "America/St_Johns",
      "America/Havana",
      "Australia/Lord_Howe",
      "Europe/Berlin",
    ]) {
      for (const step of [MINUTE * 30, HOUR, 2 * HOUR, 6 * HOUR, 12 * HOUR, DAY, "week"] as Step[]) {
        const [found] = await ask({
          topics: [topic],
          from,
          to: from + 14 * DAY,
          step,
          timeZone,
          aggregates: ["count", "sum", "p50"],
        });
        const oracle = bucketEdges(from, from + 14 * DAY, step, timeZone)
          .slice(0, -1)
          .map((start, i, starts) => {
            const values: number[] = [];
            for (let at = from; at < from + 14 * DAY; at += 30 * MINUTE)
              if (at >= start && at < (starts[i + 1] ?? Infinity)) values.push(((at - from) / (30 * MINUTE)) % 97);
            return [
              start,
              values.length,
              values.reduce((a, b) => a + b, 0),
              values.sort((a, b) => a - b)[Math.ceil(values.length / 2) - 1],
            ];
          });
        expect([
          timeZone,
          step,
          found?.at.map((at, i) => [at, found.values.count?.[i], found.values.sum?.[i], found.values.p50?.[i]]),
        ]).toEqual([timeZone, step, oracle]);
      }
    }
  });

  it("keeps events by version, positions by thing and screens by layout", async () => {
    const event: CityEvent = {
      id: "e1",
      city: "lianyungang",
      district: "320706",
      kind: "flood",
      title: "积水",
      severity: 2,
      stage: "new",
      stages: ["new", "done"],
      at: T0,
      updated: T0,
      source: "test",
    };
    const topic = "positions/lianyungang/vehicles";
    const place = (id: string, at: number, lon: number) => ({
      topic,
      id,
      label: id.toUpperCase(),
      at,
      lon,
      lat: 34.5,
      heading: 90,
      speed: 30,
    });
    await give(
      batch([], {
        events: [
          { event, recorded: T0 + 1_000 },
          { event: { ...event, stage: "done", updated: T0 + HOUR }, recorded: T0 + HOUR + 1_000 },
        ],
        positions: [
          { ...place("h1", T0, 120.1), topic: "positions/hangzhou/taxis" },
          place("v1", T0, 119.1),
          place("v1", T0 + 60_000, 119.2),
          place("v2", T0 + 60_000, 119.3),
        ],
        screens: [
          { city: "lianyungang", screen: "s", recorded: T0, layout: "1" },
          { city: "lianyungang", screen: "s", recorded: T0 + 1, layout: "1" },
          { city: "lianyungang", screen: "s", recorded: T0 + HOUR, layout: "2" },
        ],
      }),
    );
    const eventsTopic = "events/lianyungang";
    const stageAt = async (at: number): Promise<string[]> =>
      (
        (await pastSnapshot(historian, { at, knowledge: "then", topics: [{ topic: eventsTopic, spans: [] }] })).topics[
          eventsTopic
        ] as { items: CityEvent[] }
      ).items.map((e) => e.stage);
    expect([
      await stageAt(T0),
      await stageAt(T0 + 2_000),
      await stageAt(T0 + 2 * HOUR),
      await stageAt(T0 + 3 * DAY),
    ]).toEqual([[], ["new"], ["done"], []]);
    const seen = (await pastSnapshot(historian, { at: T0 + 60_000, knowledge: "then", topics: [{ topic, spans: [] }] }))
      .topics[topic] as { names: [number, string, string][]; rows: number[] };
    expect(seen.names.map(([, id, label]) => `${id} ${label}`).sort()).toEqual(["v1 V1", "v2 V2"]);
    expect(seen.rows).toHaveLength(12);
    expect(seen.rows).toContain(Math.round(119.2 * DEGREE) / DEGREE);
    const moved = await pastChanges(historian, {
      from: T0,
      to: T0 + MINUTE,
      knowledge: "then",
      downsample: 0,
      topics: [topic, eventsTopic],
    });
    expect([moved.positions.when.length, moved.events.length]).toEqual([2, 1]);
    // Counted within the answer: how many things other cities have is nothing that it tells.
    expect([moved.positions.thing, Object.keys(moved.things)]).toEqual([
      [0, 1],
      ["0", "1"],
    ]);
    expect(Object.values(moved.things).sort()).toEqual([
      ["v1", "V1"],
      ["v2", "V2"],
    ]);
    expect([
      await pastScreen(engine, "lianyungang", "s", T0 - 1),
      await pastScreen(engine, "lianyungang", "s", T0 + 5),
      await pastScreen(engine, "lianyungang", "s", T0 + DAY),
    ]).toEqual([null, "1", "2"]);
    expect(await engine.rows("SELECT count(*) AS n FROM screen_versions")).toEqual([{ n: 2 }]);
  });

  it("lists the events of a range as they last stood, or stood then", async () => {
    const of = (from: number, to: number, more: object = {}) =>
      eventsBetween(engine, { city: "lianyungang", from, to, ...more }).then(({ events }) =>
        events.map(({ id, stage }) => [id, stage]),
      );
    expect(await of(T0, T0 + DAY)).toEqual([["e1", "done"]]);
    expect(await of(T0, T0 + DAY, { asOf: T0 + 2_000 })).toEqual([["e1", "new"]]);
    expect(await of(T0, T0 + DAY, { district: "320706" })).toEqual([["e1", "done"]]);
    expect(await of(T0, T0 + DAY, { district: "320703" })).toEqual([]);
    // Closed within it, but opened before it.
    expect(await of(T0 + 1, T0 + DAY)).toEqual([]);
  });

  it("keeps notes by range and city", async () => {
    const note = {
      id: "n1",
      city: "lianyungang",
      district: "320706",
      metric: null,
      from: T0,
      to: T0 + HOUR,
      text: "停电",
      made: T0 + DAY,
      by: "account ada",
    };
    await annotate(engine, note);
    const of = (from: number, to: number, city = "lianyungang") => annotationsOf(engine, { city, from, to });
    expect([
      await of(T0 + HOUR, T0 + DAY),
      await of(T0 - DAY, T0),
      await of(T0 + HOUR + 1, T0 + DAY),
      await of(T0, T0 + DAY, "zhengzhou"),
    ]).toEqual([[note], [], [], []]);
    expect([
      await annotationById(engine, { city: "lianyungang", id: "n1" }),
      await annotationById(engine, { city: "zhengzhou", id: "n1" }),
      await annotationById(engine, { city: "lianyungang", id: "n2\0" }),
    ]).toEqual([note, null, null]);
    expect([
      await unannotate(engine, { city: "zhengzhou", id: "n1" }),
      await unannotate(engine, { city: "lianyungang", id: "n1" }),
      await unannotate(engine, { city: "lianyungang", id: "n1" }),
    ]).toEqual([false, true, false]);
    expect(await of(T0, T0 + DAY)).toEqual([]);
  });

  it("forgets a failed batch as a whole and takes it again", async () => {
    const before = await engine.rows("SELECT count(*) AS n FROM readings");
    const broken = batch([["reading/lianyungang/all/new-metric", T0, 1]], {
      screens: [{ city: "c", screen: "s", recorded: NaN, layout: "x" }],
    });
    await expect(historian.apply([broken], LIVE, { segment: 9, offset: 9 })).rejects.toThrow();
    expect(await engine.rows("SELECT count(*) AS n FROM readings")).toEqual(before);
    expect([historian.series("reading/lianyungang/all/new-metric"), historian.checkpoint(LIVE).segment]).toEqual([
      undefined,
      1,
    ]);
    await give(batch([["reading/lianyungang/all/new-metric", T0, 1]]));
    expect(historian.series("reading/lianyungang/all/new-metric")).toBeGreaterThan(0);
  });

  it("tells readings that came after their limit from the lag of those that came live", async () => {
    const topic = "reading/lianyungang/all/backfilled";
    await give(
      batch([
        [topic, T0, 1, T0 + 5 * HOUR],
        [topic, T0 + MINUTE, 2, T0 + 5 * HOUR],
        [topic, T0 + 6 * HOUR, 3],
        [topic, T0 + 6 * HOUR + MINUTE, 4, T0 + 6 * HOUR + MINUTE + 900],
      ]),
    );
    const { lag, late } = await metricQuality(
      historian,
      { topic, from: T0, to: T0 + DAY, interval: 60, limit: 180, timeZone: "Asia/Shanghai" },
      T0 + DAY,
    );
    expect([lag, late]).toEqual([{ p50: 200, p95: 900 }, 2]);
  });

  it("lets a seed fill gaps and change nothing that was measured", async () => {
    const topic = "reading/lianyungang/all/seeded";
    await give(batch([[topic, T0 + MINUTE, 5]]));
    const seed = batch([
      [topic, T0, 1],
      [topic, T0 + MINUTE, 2],
      [topic, T0 + 2 * MINUTE, 3],
    ]);
    for (const offset of [1, 2]) await historian.apply([seed], "seed", { segment: 1, offset });
    const [raw] = await ask({ topics: [topic], step: 0 });
    expect(raw?.values.last).toEqual([1, 5, 3]);
    expect(
      await engine.rows("SELECT count(*) AS n FROM readings WHERE series = $1", [historian.series(topic) as number]),
    ).toEqual([{ n: 3 }]);
  });

  it("puts days and weeks that are over in order of series, and changes nothing in it", async () => {
    const sums = () =>
      engine.rows(
        "SELECT (SELECT count(*) FROM readings) AS n, (SELECT sum(value * (observed % 1009)) FROM readings) AS readings",
      );
    const tables = ["readings", "minutes"];
    for (const table of tables) await engine.run(`CREATE TABLE ${table}_before AS SELECT * FROM ${table}`);
    const before = await sums();
    await keepAll(T0 + 20 * DAY);
    expect(await sums()).toEqual(before);
    for (const table of tables) {
      const gone = `SELECT count(*) AS n FROM (SELECT * FROM ${table}_before EXCEPT SELECT * FROM ${table}) AS rows`;
      expect(await engine.rows(gone), table).toEqual([{ n: 0 }]);
      await engine.run(`DROP TABLE ${table}_before`);
    }
    expect(
      await engine.rows(
        `SELECT (SELECT sum(n) + sum(coalesce(bad, 0)) FROM minutes)
        - (SELECT count(*) FROM (SELECT DISTINCT series, observed FROM readings) AS d) AS left_out`,
      ),
    ).toEqual([{ left_out: 0 }]);
    if (engine.name !== "duckdb") return;
    expect(await engine.rows("SELECT day FROM unsettled UNION ALL SELECT week FROM unsettled_weeks")).toEqual([]);
    const week = `observed - observed % ${7 * DAY}`;
    const [descents] = await engine.rows(
      `SELECT count(*) AS n FROM (
        SELECT series, observed,
          lag(series) OVER (PARTITION BY ${week} ORDER BY rowid) AS s,
          lag(observed) OVER (PARTITION BY ${week} ORDER BY rowid) AS o
        FROM readings
      ) AS r WHERE s > series OR (s = series AND o > observed)`,
    );
    expect(descents).toEqual({ n: 0 });
  }, 120_000);

  it("finds its place, its series and its rollups again", async () => {
    const again = new Historian(engine, parseHistoryConfig({}));
    await again.open(T0 + 5 * DAY);
    expect([again.checkpoint(LIVE), again.series(A), again.rollups.watermark]).toEqual([
      historian.checkpoint(LIVE),
      historian.series(A),
      historian.rollups.watermark,
    ]);
  });

  it("keeps weeks apart, and drops those that have passed", async () => {
    if (engine.name === "duckdb") return;
    if (engine.ranges === "timescale") {
      const asOf = kind.includes("stand-in")
        ? "SELECT name, column_name, width FROM hypertables"
        : `SELECT hypertable_name AS name, column_name, integer_interval AS width
            FROM timescaledb_information.dimensions WHERE hypertable_schema = current_schema()`;
      expect(await engine.rows(`${asOf} ORDER BY name`)).toEqual(
        ["positions", "readings"].map((name) => ({ name, column_name: "observed", width: 7 * DAY })),
      );
    } else
      expect(
        Number(
          (await engine.rows("SELECT count(*) AS n FROM pg_inherits WHERE inhparent = 'readings'::regclass"))[0]?.n,
        ),
      ).toBeGreaterThan(0);
    await historian.apply([batch([[A, T0 - 60 * DAY, 1]])], "old", { segment: 1, offset: 1 });
    const oldest = async (): Promise<unknown> => (await engine.rows("SELECT min(observed) AS at FROM readings"))[0]?.at;
    expect(await oldest()).toBe(T0 - 60 * DAY);
    await engine.expire("readings", "observed", T0 - 30 * DAY);
    expect(await oldest()).toBe(OLDEST);
  });

  it("counts readings in its size", async () => {
    // The embedded engine's file grows by blocks, at its own time.
    if (engine.name === "duckdb") return;
    const before = await engine.size();
    await give(batch(Array.from({ length: 5_000 }, (_, i): Given => [B, T0 + 4 * DAY + i, i])));
    expect(await engine.size()).toBeGreaterThan(before + 5_000 * 40);
  });

  it("drops what is older than it is kept", async () => {
    await engine.expire("hours", "bucket", T0 + DAY);
    expect((await engine.rows("SELECT min(bucket) AS b FROM hours"))[0]?.b).toBe(T0 + DAY);
  });

  it("takes nothing in twice, and rolls nothing up twice, when the store dies just as it has committed", async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), "citywall-doubt-"));
    await writeFile(segmentFile(folder, 500), "");
    const journal = new JournalWriter(folder, 1e9);
    const topic = "reading/lianyungang/all/doubted";
    const from = T0 + 21 * DAY;
    let commits = 0;
    const dying: Engine = {
      ...engine,
      async transaction(task) {
        const result = await engine.transaction(task);
        if (++commits % 4 === 0) throw new Error("the connection was lost");
        return result;
      },
    };
    const doubting = new Historian(dying, parseHistoryConfig({}));
    await doubting.open(from);
    let lost = 0;
    async function until(work: () => Promise<boolean>): Promise<void> {
      for (let more = true; more;) more = await work().catch(() => ++lost > 0);
    }
    for (let i = 0; i < 40; i++) {
      journal.reading(topic, from + i * MINUTE, from + i * MINUTE + 200, i, "good");
      await journal.flushed();
      await until(() => doubting.follow(LIVE, folder, from));
    }
    await until(() => doubting.maintain(from + 2 * HOUR));
    await journal.close();
    expect(lost).toBeGreaterThan(10);
    const id = doubting.series(topic) as number;
    expect(
      await engine.rows("SELECT count(*) AS n, count(DISTINCT observed) AS moments FROM readings WHERE series = $1", [
        id,
      ]),
    ).toEqual([{ n: 40, moments: 40 }]);
    expect(
      await engine.rows("SELECT count(*) AS n, count(DISTINCT bucket) AS buckets FROM minutes WHERE series = $1", [id]),
    ).toEqual([{ n: 40, buckets: 40 }]);
    expect(await engine.rows("SELECT n FROM hours WHERE series = $1", [id])).toEqual([{ n: 40 }]);
    await rm(folder, { recursive: true, force: true });
  });
});
