import path from "node:path";
import { tableFromIPC } from "apache-arrow";
import readExcelFile from "read-excel-file/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createServer, get, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Catalogue } from "../cities/catalogue";
import type { CityFacts } from "../contract/city";
import { LIMITS } from "../contract/api/limits";
import { heldHere, type AnswerColumns, type HeldAnswer } from "../contract/columns";
import { moment, step, zone } from "../contract/api/moments";
import { makeApi, type ApiParts } from "./api";
import { checkedFetch as fetch } from "./checked-fetch";
import { fileHere } from "./export-files";
import { csvRows } from "./history-export";
import { joinedLater } from "./pieces";
import { StoreAway } from "../history/client/remote";
import { makeStats } from "./stats";
import type { HistoryAsk } from "./store-ask";

const NOW = Date.parse("2026-11-20T10:00:00Z");
const TOPIC = "reading/lianyungang/all/cases-today";
const NOWHERE = { districts: [], metrics: [], systems: {} } as unknown as CityFacts;
let server: Server;
let base = "";
let asked: { method: string; params: unknown }[] = [];
let away = false;
/** what the store waits for before it answers, and what of its askers left meanwhile */
let held: Promise<void> | null = null;
let calledOff = 0;
let released = 0;
/** a long answer instead of the usual one, and how many of its numbers were read */
let long: AnswerColumns | null = null;
let numbersRead = 0;

/** What the store answers, whatever is asked. */
const ANSWERS: Record<string, unknown> = {
  query: {
    series: [{ topic: TOPIC, at: [NOW - 7_200_000, NOW - 3_600_000], values: { avg: [1.5, null] }, bad: [0, 2] }],
    completeUntil: NOW,
    provisionalFrom: NOW - 3_600_000,
  },
  past: { epoch: 1, now: NOW, set: 0, seq: 0, order: [], topics: {}, refused: [], spacing: null, completeUntil: NOW },
  values: { values: [], completeUntil: NOW },
  annotations: [],
  quality: {
    ...{ hours: [], since: null, lag: null, late: 0, revisions: [], revised: { values: 0, qualities: 0 } },
    ...{ qualities: [0, 0, 0], asked: NOW, completeUntil: NOW },
  },
  changes: {
    topics: [TOPIC],
    readings: { topic: [], when: [], at: [], value: [] },
    positions: { topic: [], when: [], thing: [], lon: [], lat: [], heading: [], speed: [] },
    things: {},
    events: [],
    cut: false,
    completeUntil: NOW,
  },
  events: { events: [], total: 0, cut: false, completeUntil: NOW },
  event: {
    event: {
      ...{ id: "e1", city: "lianyungang", district: "320706", kind: "noise", title: "n", severity: 2, source: "s" },
      ...{ stage: "new", stages: ["new", "closed"], at: NOW, updated: NOW },
    },
    completeUntil: NOW,
  },
};

const ask = {
  async hold(params: unknown, signal?: AbortSignal) {
    const answer = heldHere(await ask.call("query", params as never, signal));
    const read: HeldAnswer["read"] = async (spans) => {
      const numbers = await answer.read(spans);
      numbersRead += numbers.length;
      return numbers;
    };
    return { ...answer, read, release: () => released++ };
  },
  async call(method: string, params: unknown, signal?: AbortSignal) {
    asked.push({ method, params });
    if (long && method === "query") return long;
    if (away) throw new StoreAway("it is down");
    signal?.addEventListener("abort", () => calledOff++);
    await held;
    return ANSWERS[method];
  },
} as unknown as HistoryAsk;

async function csvOf(answer: AnswerColumns, query: Parameters<typeof csvRows>[1], lang: "zh" | "en"): Promise<string> {
  let text = "";
  for await (const piece of joinedLater(csvRows(heldHere(answer), query, NOWHERE, lang))) text += piece;
  return text;
}

beforeAll(async () => {
  const catalogue = new Catalogue(path.resolve(import.meta.dirname, "../../cities"), () => []);
  await catalogue.look();
  const parts = {
    history: ask,
    hub: { event: () => undefined },
    catalogue,
    now: () => NOW,
    stats: makeStats(),
    makeFile: fileHere,
    identify: () => ({ kind: "local" }),
  };
  const api = makeApi(parts as unknown as ApiParts);
  server = createServer(api.handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/history`;
});
afterAll(() => server.close());

async function refusal(query: string): Promise<string> {
  const response = await fetch(`${base}?${query}`);
  return `${response.status} ${((await response.json()) as { error: { message: string } }).error.message}`;
}

describe("GET /api/v1/history", () => {
  it("asks the store what the address says", async () => {
    asked = [];
    await fetch(`${base}?topic=${TOPIC}&from=now-2h&step=1h&agg=avg,max&fill=linear&tz=UTC&known=2026-11-20T09:00:00Z`);
    expect(asked).toEqual([
      {
        method: "query",
        params: {
          topics: [TOPIC],
          from: NOW - 7_200_000,
          to: NOW,
          step: 3_600_000,
          aggregates: ["avg", "max"],
          fill: "linear",
          timeZone: "UTC",
          asOf: NOW - 3_600_000,
          most: LIMITS.history.points,
          resets: ["Asia/Shanghai"],
        },
      },
    ]);
  });

  it("answers 404, not an empty list, for a place, a metric or a layer that is not there, wherever a topic is named", async () => {
    const post = (where: string, body: object): Promise<Response> =>
      fetch(`${base}/${where}`, { method: "POST", body: JSON.stringify(body) });
    for (const topic of [
      "reading/lianyungang/320799/cases-today",
      "reading/lianyungang/440106/cases-today",
      "reading/lianyungang/all/tides",
      "reading/atlantis/all/cases-today",
      "positions/lianyungang/submarines",
    ]) {
      asked = [];
      const answers = await Promise.all([
        fetch(`${base}?topic=${topic}&from=now-1h`),
        fetch(`${base}/quality?topic=${topic}`),
        post("snapshot", { at: NOW, topics: [{ topic, spans: [] }] }),
        post("changes", { from: NOW - 1000, to: NOW, topics: [topic] }),
      ]);
      expect(
        answers.map(({ status }) => status),
        topic,
      ).toEqual([404, 404, 404, 404]);
      expect(((await answers[0]?.json()) as { error: { message: string } }).error.message).toContain(topic);
      expect(asked).toEqual([]);
    }
    for (const topic of [
      "reading/lianyungang/320706/cases-today",
      "positions/lianyungang/vehicles",
      "events/lianyungang",
    ])
      expect((await post("snapshot", { at: NOW, topics: [{ topic, spans: [] }] })).status, topic).toBe(200);
    const note = await fetch(`${base.replace("history", "annotations")}/lianyungang`, {
      method: "POST",
      body: JSON.stringify({ from: NOW, text: "x", district: "320799" }),
    });
    expect([note.status, ((await note.json()) as { error: { message: string } }).error.message]).toEqual([
      400,
      expect.stringMatching(/^district: "320799"/),
    ]);
  });

  it.each(["json", "csv"])(
    "reads the numbers of a long answer from the store as it is taken, and lets go of them: %s",
    async (format) => {
      const count = 400_000;
      const at = Array.from({ length: count }, (_, i) => NOW - (count - i) * 1_000);
      long = {
        series: [{ topic: TOPIC, at, values: { avg: at.map((_, i) => (i % 3 === 0 ? null : i + 0.123456789)) } }],
        ...{ completeUntil: NOW, provisionalFrom: null },
      };
      [numbersRead, released] = [0, 0];
      const url = `${base}?topic=${TOPIC}&from=now-400h&step=1h&format=${format}`;
      const answer = await new Promise<IncomingMessage>((resolve, reject) => get(url, resolve).on("error", reject));
      // Who reads nothing of it is sent what connections hold, and no more is read for him.
      let before = -1;
      await expect
        .poll(() => before === (before = numbersRead) && numbersRead > 0, { interval: 200, timeout: 10_000 })
        .toBe(true);
      expect(numbersRead).toBeLessThan(count);
      expect(released).toBe(0);
      let bytes = 0;
      for await (const chunk of answer) bytes += (chunk as Buffer).length;
      expect([numbersRead, bytes > count * 15]).toEqual([2 * count, true]);
      await expect.poll(() => released).toBe(1);
      // Who leaves in the middle of it has it let go of as well.
      const left = await new Promise<IncomingMessage>((resolve, reject) => get(url, resolve).on("error", reject));
      left.destroy();
      await expect.poll(() => released).toBe(2);
      long = null;
    },
  );

  it("writes no Infinity into a file, as JSON has none", async () => {
    const answer = {
      series: [{ topic: TOPIC, at: [NOW], values: { sum: [Infinity] } }],
      completeUntil: NOW,
      provisionalFrom: null,
    };
    const query = { aggregates: ["sum" as const], step: 60_000, timeZone: "UTC" };
    const [, row = ""] = (await csvOf(answer, query, "en")).split("\r\n");
    expect(row.trimEnd().split(",").slice(-4)).toEqual(["", "0", "0", "0"]);
  });

  it("names the parameter that is wrong", async () => {
    expect(await refusal(`from=now-1h`)).toBe("400 topic: is missing");
    expect(await refusal(`topic=${TOPIC}`)).toBe("400 from: is missing");
    expect(await refusal(`topic=${TOPIC}&from=yesterday`)).toMatch(/^400 from: "yesterday" is not/);
    expect(await refusal(`topic=${TOPIC}&from=2026-10-31T00:00:00Z&to=2026-11-31T00:00:00Z`)).toMatch(
      /^400 to: "2026-11-31T00:00:00Z" is not/,
    );
    expect(await refusal(`topic=${TOPIC}&from=now&to=now-1h`)).toBe("400 to: must lie after from");
    expect(await refusal(`topic=${TOPIC}&from=now-1h&step=7h`)).toMatch(/^400 step: must divide a day/);
    expect(await refusal(`topic=${TOPIC}&from=now-1h&step=1m&agg=mean`)).toMatch(/^400 agg: "mean" is not one of/);
    expect(await refusal(`topic=${TOPIC}&from=now-1h&tz=Mars`)).toBe('400 tz: "Mars" is not an IANA time zone');
    expect(await refusal(`topic=${TOPIC}&from=now-1h&format=xml`)).toMatch(/^400 format:/);
    expect(await refusal(`topic=reading/lianyungang/all/nothing&from=now-1h`)).toMatch(/^404 topic: "reading/);
    expect(await refusal(`topic=events/lianyungang&from=now-1h`)).toMatch(/^404 topic: /);
  });

  it("refuses more than an answer holds and says which step would do", async () => {
    expect(await refusal(`topic=${TOPIC}&from=now-3000d&step=1m`)).toMatch(
      /^422 step: about 4320000 values.*step=15m would do$/,
    );
    expect(await refusal(`topic=${TOPIC}&from=now-90d&step=raw`)).toMatch(/^422 step: .*step=1m would do$/);
  });

  it("bounds the range on every route that has one, and asks the store nothing that it would refuse", async () => {
    asked = [];
    const notes = base.replace("/history", "/annotations");
    const routes = [
      `${base}?topic=${TOPIC}&step=1y&`,
      `${base}?topic=${TOPIC}&step=8d&fill=zero&format=csv&`,
      `${base}/quality?topic=${TOPIC}&`,
      `${base}/events/lianyungang?`,
      `${notes}/lianyungang?`,
    ];
    for (const route of routes) {
      const of = async (range: string): Promise<string> => {
        const response = await fetch(`${route}${range}`);
        return `${response.status} ${response.ok ? "" : ((await response.json()) as { detail: string }).detail}`;
      };
      expect(await of("from=0000-01-01T00:00:00Z")).toMatch(/^400 from: "0000.* lies before 1970-01-01T00:00:00.000Z/);
      expect(await of("from=0700-01-01T00:00:00Z")).toMatch(/^400 from: /);
      expect(await of("from=now-1d&to=9999-12-31T23:59:59Z")).toMatch(/^400 to: lies more than 366 days ahead/);
      expect(await of("from=now&to=now-1h")).toBe("400 to: must lie after from");
      expect(asked).toEqual([]);
      expect(await of("from=now-1d&to=2027-11-01T00:00:00Z")).toMatch(/^200 /);
      expect(asked).toHaveLength(1);
      asked = [];
    }
    expect(await refusal(`topic=${TOPIC}&from=now-999999d&step=15m`)).toMatch(/^422 step: /);
    for (const where of [`quality?topic=${TOPIC}`, "events/lianyungang?x"]) {
      const response = await fetch(`${base}/${where}&from=1970-01-01T00:00:00Z`);
      expect([response.status, ((await response.json()) as { detail: string }).detail]).toEqual([
        422,
        expect.stringMatching(/^from: 20778 days, of which one answer holds \d+; ask for one stretch after the other$/),
      ]);
    }
    expect(asked).toEqual([]);
  });

  it("reads what lies ahead as now where one moment is asked about", async () => {
    asked = [];
    await fetch(`${base}?topic=${TOPIC}&from=now-2h&step=1h&asOf=9999-01-01T00:00:00Z`);
    await fetch(`${base}/events/lianyungang/e1?at=9999-01-01T00:00:00Z`);
    expect(asked).toMatchObject([{ params: { asOf: NOW } }, { params: { at: NOW } }]);
  });

  it("bounds numbers, lists and what a body holds, and names what is too much", async () => {
    const post = async (where: string, body: object | string): Promise<string> => {
      const text = typeof body === "string" ? body : JSON.stringify(body);
      const response = await fetch(`${base}/${where}`, { method: "POST", body: text });
      return `${response.status} ${response.ok ? "" : ((await response.json()) as { detail: string }).detail}`;
    };
    const range = `"from": ${NOW - 1000}, "to": ${NOW}, "topics": ["${TOPIC}"]`;
    asked = [];
    for (const name of ["thin", "downsample"])
      for (const value of ["1e999", "1e300", "-1", "86400001"])
        expect(await post("changes", `{${range}, "${name}": ${value}}`)).toBe(
          `400 ${name}: must be ms, at most 86400000`,
        );
    expect(await post("changes", `{${range}, "from": 1e300, "to": 0}`)).toBe("400 to: must not lie before from");
    expect(await post("values", { topics: [TOPIC], at: [NOW], tolerance: 1e300 })).toMatch(/^400 tolerance: /);
    const spans = Array.from({ length: LIMITS.live.spans + 1 }, () => 900);
    expect(await post("snapshot", { at: NOW, topics: [{ topic: TOPIC, spans }] })).toBe(
      "400 topics[0].spans: at most 8",
    );
    const topics = Array.from({ length: LIMITS.questionParts }, () => ({}));
    expect(await post("snapshot", { at: NOW, topics })).toMatch(/^413 the body holds more than 60000 values/);
    expect(await post("snapshot", " ".repeat(LIMITS.question + 1))).toMatch(/^413 the body is larger than 1048576/);
    expect(asked).toEqual([]);
    const bad = await fetch(`${base}/changes`, {
      method: "POST",
      body: JSON.stringify({ from: 0, to: 1, topics: Array.from({ length: 2_000 }, () => 1) }),
    });
    expect(((await bad.json()) as { errors: unknown[] }).errors).toHaveLength(LIMITS.errors);
  });

  it("tells each topic once, however often it is named", async () => {
    const post = (where: string, body: object): Promise<Response> =>
      fetch(`${base}/${where}`, { method: "POST", body: JSON.stringify(body) });
    asked = [];
    await post("changes", { from: NOW - 1000, to: NOW, topics: ["events/lianyungang", "events/lianyungang"] });
    const twice = [
      { topic: TOPIC, spans: [900] },
      { topic: TOPIC, spans: [3_600] },
    ];
    await post("snapshot", { at: NOW, topics: twice });
    expect(asked).toMatchObject([
      { params: { topics: ["events/lianyungang"] } },
      { params: { topics: [{ topic: TOPIC, spans: [900, 3_600] }] } },
    ]);
  });

  it("answers in the form that is asked for", async () => {
    const url = `${base}?topic=${TOPIC}&from=now-2h&step=1h`;
    expect(await (await fetch(url)).json()).toEqual({
      from: "2026-11-20T08:00:00.000Z",
      to: "2026-11-20T10:00:00.000Z",
      stepMs: 3_600_000,
      step: "1h",
      timeZone: "Asia/Shanghai",
      asOf: null,
      known: null,
      completeUntil: "2026-11-20T10:00:00.000Z",
      provisionalFrom: "2026-11-20T09:00:00.000Z",
      series: [{ topic: TOPIC, at: [NOW - 7_200_000, NOW - 3_600_000], avg: [1.5, null], bad: [0, 2] }],
    });
    const csv = await fetch(url, { headers: { accept: "text/csv" } });
    expect(csv.headers.get("content-disposition")).toBe(
      "attachment; filename=lianyungang_cases-today_all_20261120T1600_20261120T1800_1h.csv",
    );
    expect((await csv.text()).split("\r\n")).toEqual([
      "topic,at,time,place,metric,avg,bad,uncertain,provisional",
      `${TOPIC},2026-11-20T08:00:00.000Z,2026-11-20T16:00:00.000+08:00,全市,今日办件量,1.5,0,0,0`,
      `${TOPIC},2026-11-20T09:00:00.000Z,2026-11-20T17:00:00.000+08:00,全市,今日办件量,,2,0,1`,
      "",
    ]);
    const arrow = tableFromIPC(new Uint8Array(await (await fetch(`${url}&format=arrow`)).arrayBuffer()));
    expect([arrow.numRows, arrow.schema.fields.map((field) => field.name), arrow.get(0)?.avg]).toEqual([
      2,
      ["topic", "at", "avg", "bad", "uncertain"],
      1.5,
    ]);
  });

  it("writes a workbook with a row for each time and a sheet that says what it is", async () => {
    const response = await fetch(`${base}?topic=${TOPIC}&from=now-2h&step=1h&known=now&format=xlsx`);
    expect(response.headers.get("content-disposition")).toContain("_1h_known-20261120T1800.xlsx");
    const sheets = await readExcelFile(Buffer.from(await response.arrayBuffer()));
    expect(sheets.map(({ sheet }) => sheet)).toEqual(["数据", "说明"]);
    // On the city's clocks: 08:00Z is 16:00 in Shanghai.
    // A spreadsheet's times are days with a fraction: good to a millisecond or so.
    const data = sheets[0]?.data.map((row) =>
      row.map((cell) => (cell instanceof Date ? new Date(Math.round(cell.getTime() / 1000) * 1000) : cell)),
    );
    expect(data).toEqual([
      ["时间", "全市 今日办件量", "全市 今日办件量 无效数据"],
      [new Date("2026-11-20T16:00:00Z"), 1.5, 0],
      [new Date("2026-11-20T17:00:00Z"), null, 2],
    ]);
    expect(sheets[1]?.data).toEqual(
      expect.arrayContaining(
        [
          ["数据截至", "2026-11-20T18:00:00.000+08:00"],
          ["初步数据起点", "2026-11-20T17:00:00.000+08:00"],
        ].map((row) => expect.arrayContaining(row) as unknown),
      ),
    );
    expect(sheets[1]?.data.at(-2)).toEqual(expect.arrayContaining([TOPIC, "全市 今日办件量"]));
  });

  it("lists events and takes notes, naming what is wrong", async () => {
    const notes = base.replace("/history", "/annotations");
    const post = (body: object) => fetch(`${notes}/lianyungang`, { method: "POST", body: JSON.stringify(body) });
    const message = async (response: Response): Promise<string> =>
      `${response.status} ${((await response.json()) as { error: { message: string } }).error.message}`;
    asked = [];
    await fetch(`${base}/events/lianyungang?from=now-1h&district=320706`);
    expect(asked).toEqual([
      { method: "events", params: { city: "lianyungang", from: NOW - 3_600_000, to: NOW, district: "320706" } },
    ]);
    expect(await message(await fetch(`${base}/events/lianyungang?from=now-1h&district=1`))).toMatch(
      /^400 district: "1" is neither/,
    );
    expect(await message(await fetch(`${base}/events/atlantis?from=now-1h`))).toMatch(/^404 city: /);
    const made = await post({ from: NOW - 60_000, to: NOW, text: " 停电 ", district: "320706", metric: "cases-today" });
    expect(made.status).toBe(201);
    expect(await made.json()).toMatchObject({
      city: "lianyungang",
      district: "320706",
      metric: "cases-today",
      text: "停电",
      from: NOW - 60_000,
      to: NOW,
      made: NOW,
      by: "local",
    });
    expect(await message(await post({ from: NOW, text: "" }))).toMatch(/^400 text: /);
    for (const text of ["a\0b", "\ud800"])
      expect(await message(await post({ from: NOW, text }))).toMatch(/^400 text: must not hold U\+0000/);
    expect(await message(await post({ from: NOW, to: NOW - 1, text: "x" }))).toMatch(/^400 to: /);
    expect(await message(await post({ from: NOW, text: "x", metric: "nothing" }))).toMatch(/^400 metric: "nothing"/);
    expect(await message(await post({ text: "x" }))).toMatch(/^400 from: /);
  });

  it("takes a few notes at once from one address, and tells when a list of them is cut", async () => {
    const notes = `${base.replace("/history", "/annotations")}/lianyungang`;
    const note = (i: number) => ({
      ...{
        id: `n${i}`,
        city: "lianyungang",
        district: "all",
        metric: null,
        from: i,
        to: i,
        text: "x",
        made: i,
        by: null,
      },
    });
    for (const [count, cut] of [
      [LIMITS.history.annotations, false],
      [LIMITS.history.annotations + 1, true],
    ] as const) {
      ANSWERS.annotations = Array.from({ length: count }, (_, i) => note(i));
      const answer = (await (await fetch(`${notes}?from=now-1h`)).json()) as { annotations: object[]; cut: boolean };
      expect([answer.annotations.length, answer.cut]).toEqual([LIMITS.history.annotations, cut]);
      expect(answer.annotations.at(-1)).toEqual(note(count - 1));
    }
    const body = JSON.stringify({ from: NOW, text: "x" });
    const statuses: number[] = [];
    for (let i = 0; i <= LIMITS.notes.burst; i++) statuses.push((await fetch(notes, { method: "POST", body })).status);
    expect(statuses.slice(-2)).toContain(429);
    expect(statuses[0]).toBe(201);
  });

  it("asks for values at moments, each topic within its metric's limit", async () => {
    const post = (body: object) => fetch(`${base}/values`, { method: "POST", body: JSON.stringify(body) });
    asked = [];
    const answer = await post({ topics: [TOPIC], at: [NOW - 60_000, NOW + 5_000] });
    const [{ params } = { params: null }] = asked;
    expect(params).toEqual([
      { topic: TOPIC, at: [NOW - 60_000, NOW], tolerance: expect.any(Number) as number, asOf: null },
    ]);
    expect(await answer.json()).toMatchObject({ values: [{ topic: TOPIC }] });
    expect((await post({ topics: ["events/lianyungang"], at: [NOW] })).status).toBe(404);
    expect((await post({ topics: ["reading/lianyungang/all/nothing"], at: [NOW] })).status).toBe(404);
    expect((await post({ topics: [TOPIC], at: [] })).status).toBe(400);
  });

  it("says in every answer up to when it is complete", async () => {
    const post = (where: string, body: object): Promise<Response> =>
      fetch(`${base}/${where}`, { method: "POST", body: JSON.stringify(body) });
    const answers = await Promise.all([
      post("snapshot", { at: NOW, topics: [{ topic: TOPIC }] }),
      post("changes", { from: NOW - 1000, to: NOW, topics: [TOPIC] }),
      post("values", { topics: [TOPIC], at: [NOW] }),
      fetch(`${base}/events/lianyungang?from=now-1h`),
      fetch(`${base}/events/lianyungang/e1`),
    ]);
    for (const answer of answers) {
      const body = (await answer.json()) as { completeUntil: number };
      expect([answer.status, body.completeUntil], answer.url).toEqual([200, NOW]);
    }
  });

  it("lets an address ask so much at once and so much wait, and gives its places back when it leaves", async () => {
    const { perAddress, waitingPerAddress } = LIMITS.questions;
    const url = `${base}?topic=${TOPIC}&from=now-1h&step=1m`;
    /** each on a connection of its own, which the asker of the others cannot keep from him */
    const asking = () => {
      const sent = get(url, { agent: false });
      const status = new Promise<number | undefined>((resolve) => {
        sent.on("response", (response) => resolve(response.resume().statusCode)).on("error", () => resolve(undefined));
      });
      return { leave: () => sent.destroy(), status };
    };
    let release = (): void => {};
    held = new Promise((resolve) => (release = resolve));
    asked = [];
    calledOff = 0;
    const many = Array.from({ length: perAddress + waitingPerAddress + 1 }, asking);
    // One is refused, at once; the others wait.
    expect(await Promise.race(many.map(({ status }) => status))).toBe(429);
    expect(asked).toHaveLength(perAddress);
    for (const { leave } of many) leave();
    await expect.poll(() => calledOff).toBeGreaterThanOrEqual(perAddress);
    release();
    held = null;
    expect((await fetch(url)).status).toBe(200);
  });

  it("says when the store is away", async () => {
    away = true;
    expect(await refusal(`topic=${TOPIC}&from=now-1h&step=1m`)).toBe("503 the store cannot answer: it is down");
    away = false;
  });
});

describe("parts", () => {
  it("reads moments and steps", () => {
    expect([
      moment.parse("now")(NOW),
      moment.parse("now-90m")(NOW),
      moment.parse("2026-11-20T18:00:00+08:00")(0),
      moment.parse("now-999999d")(NOW),
    ]).toEqual([NOW, NOW - 5_400_000, NOW, 0]);
    expect(["raw", undefined, "60", "5m", "1h", "7d"].map((text) => step.parse(text))).toEqual([
      0, 0, 60_000, 300_000, 3_600_000, 604_800_000,
    ]);
    expect(["week", "1w", "month", "1mo", "quarter", "1q", "year", "1y"].map((text) => step.parse(text))).toEqual([
      "week",
      "week",
      "month",
      "month",
      "quarter",
      "quarter",
      "year",
      "year",
    ]);
    for (const text of ["0", "-5", "2w", "constructor", "", "90s 1"])
      expect(step.safeParse(text).success, text).toBe(false);
  });

  it("knows a zone by one name, however it is spelt, and takes an offset for none", () => {
    const spelt = Array.from({ length: 3_000 }, (_, i) =>
      [..."asia/shanghai"].map((letter, k) => ((i >> k) & 1 ? letter.toUpperCase() : letter)).join(""),
    );
    expect(new Set(spelt.map((text) => zone.parse(text)))).toEqual(new Set(["Asia/Shanghai"]));
    for (const text of ["+08:00", "", "Mars", "Asia/Shanghai ", "a".repeat(10_000)])
      expect(zone.safeParse(text).success, text).toBe(false);
  });

  it("never hands a spreadsheet a formula", async () => {
    const answer = {
      series: [{ topic: '=cmd|"x",1', at: [0], values: { avg: [1] } }],
      completeUntil: 0,
      provisionalFrom: null,
    };
    const query = { aggregates: ["avg" as const], step: 60_000, timeZone: "UTC" };
    expect(await csvOf(answer, query, "zh")).toContain(`"'=cmd|""x"",1"`);
  });
});
