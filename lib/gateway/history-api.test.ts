import path from "node:path";
import { tableFromIPC } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Catalogue } from "../cities/catalogue";
import { makeHistoryApi, parseMoment, parseStep, type HistoryAsk } from "./history-api";
import { toCsv } from "./history-export";
import { StoreAway } from "./history/remote";
import { type HttpError, sendError } from "./http";

const NOW = Date.parse("2026-11-20T10:00:00Z");
const TOPIC = "reading/lianyungang/all/cases-today";
let server: Server;
let base = "";
let asked: { method: string; params: unknown }[] = [];
let away = false;

const ask = {
  call(method: string, params: unknown) {
    asked.push({ method, params });
    if (away) return Promise.reject(new StoreAway("it is down"));
    return Promise.resolve([{ topic: TOPIC, at: [NOW - 7_200_000, NOW - 3_600_000], values: { avg: [1.5, null] } }]);
  },
} as unknown as HistoryAsk;

beforeAll(async () => {
  const catalogue = new Catalogue(path.resolve(import.meta.dirname, "../../cities"), () => []);
  await catalogue.look();
  const { routes } = makeHistoryApi({ ask, catalogue, now: () => NOW });
  server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://x");
    const route = routes.find((candidate) => candidate.path.test(url.pathname));
    route?.handle(request, response, (route.path.exec(url.pathname) ?? []).slice(1), url).catch((error: unknown) => sendError(response, error as HttpError));
  });
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
    expect(asked).toEqual([{ method: "query", params: { topics: [TOPIC], from: NOW - 7_200_000, to: NOW, step: 3_600_000, aggregates: ["avg", "max"], fill: "linear", timeZone: "UTC", known: NOW - 3_600_000 } }]);
  });

  it("names the parameter that is wrong", async () => {
    expect(await refusal(`from=now-1h`)).toBe("400 topic: is missing");
    expect(await refusal(`topic=${TOPIC}`)).toBe("400 from: is missing");
    expect(await refusal(`topic=${TOPIC}&from=yesterday`)).toMatch(/^400 from: "yesterday" is not/);
    expect(await refusal(`topic=${TOPIC}&from=now&to=now-1h`)).toBe("400 to: must lie after from");
    expect(await refusal(`topic=${TOPIC}&from=now-1h&step=7h`)).toMatch(/^400 step: must divide a day/);
    expect(await refusal(`topic=${TOPIC}&from=now-1h&step=1m&agg=mean`)).toMatch(/^400 agg: "mean" is not one of/);
    expect(await refusal(`topic=${TOPIC}&from=now-1h&tz=Mars`)).toBe('400 tz: "Mars" is not an IANA time zone');
    expect(await refusal(`topic=${TOPIC}&from=now-1h&format=xml`)).toMatch(/^400 format:/);
    expect(await refusal(`topic=reading/lianyungang/all/nothing&from=now-1h`)).toMatch(/^404 topic: "reading/);
    expect(await refusal(`topic=events/lianyungang&from=now-1h`)).toMatch(/^404 topic: /);
  });

  it("refuses more than an answer holds and says which step would do", async () => {
    expect(await refusal(`topic=${TOPIC}&from=now-3000d&step=1m`)).toMatch(/^422 step: about 4320000 values.*step=15m would do$/);
    expect(await refusal(`topic=${TOPIC}&from=now-90d&step=raw`)).toMatch(/^422 step: .*step=1m would do$/);
  });

  it("answers in the form that is asked for", async () => {
    const url = `${base}?topic=${TOPIC}&from=now-2h&step=1h`;
    expect(await (await fetch(url)).json()).toMatchObject({ stepMs: 3_600_000, timeZone: "Asia/Shanghai", series: [{ topic: TOPIC, avg: [1.5, null] }] });
    const csv = await fetch(url, { headers: { accept: "text/csv" } });
    expect(await csv.text()).toBe(`topic,at,avg\r\n${TOPIC},2026-11-20T08:00:00.000Z,1.5\r\n${TOPIC},2026-11-20T09:00:00.000Z,\r\n`);
    const arrow = tableFromIPC(new Uint8Array(await (await fetch(`${url}&format=arrow`)).arrayBuffer()));
    expect([arrow.numRows, arrow.schema.fields.map((field) => field.name), arrow.get(0)?.avg]).toEqual([2, ["topic", "at", "avg"], 1.5]);
  });

  it("says when the store is away", async () => {
    away = true;
    expect(await refusal(`topic=${TOPIC}&from=now-1h&step=1m`)).toBe("503 the store cannot answer: it is down");
    away = false;
  });
});

describe("parts", () => {
  it("reads moments and steps", () => {
    expect([parseMoment("now", "x", NOW), parseMoment("now-90m", "x", NOW), parseMoment("2026-11-20T18:00:00+08:00", "x", 0)]).toEqual([NOW, NOW - 5_400_000, NOW]);
    expect(["raw", null, "60", "5m", "1h", "7d"].map(parseStep)).toEqual([0, 0, 60_000, 300_000, 3_600_000, 604_800_000]);
    for (const text of ["0", "-5", "1w", "", "90s 1"]) expect(() => parseStep(text), text).toThrow(/step/);
  });

  it("never hands a spreadsheet a formula", () => {
    expect(toCsv([{ topic: '=cmd|"x",1', at: [0], values: { avg: [1] } }], ["avg"])).toContain(`"'=cmd|""x"",1"`);
  });
});
