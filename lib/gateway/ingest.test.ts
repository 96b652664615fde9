import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { loadCity } from "../cities/load";
import type { BatchAnswer } from "../contract/api/publish";
import { readingTopic } from "../contract/topics";
import { NotKept } from "../history/writer/journal";
import type { Recorder } from "../history/writer/recorder";
import { TOO_LONG } from "./batch";
import { Hub } from "./hub";
import { Ingest } from "./ingest";
import { makeStats } from "./stats";
import { ownTokens, type Token } from "./tokens";

const { facts } = await loadCity(path.resolve(import.meta.dirname, "../../cities"), "guangdong");
const { facts: zhangjiagang } = await loadCity(path.resolve(import.meta.dirname, "../../cities"), "zhangjiagang");
const NOW = Date.parse("2026-11-22T08:00:00Z");
const token = (city: string): Token => ownTokens({ [`${city}/*`]: "" })[0] as Token;

function ingest(): { hub: Hub; take: Ingest } {
  const hub = new Hub(1);
  return { hub, take: new Ingest(hub, makeStats(), (id) => [facts, zhangjiagang].find((city) => city.id === id)) };
}

const reading = (metric: string, district: string, value: number): object => ({
  city: "guangdong",
  metric,
  district,
  value,
  at: new Date(NOW).toISOString(),
});

/** What comes of a batch of events. */
function events(take: Ingest, items: object[]): BatchAnswer {
  const batch = take.begin("event", token("zhangjiagang"), NOW);
  for (const item of items) batch.take(item);
  return batch.end();
}

it("an item that is too long is refused by itself, in the bytes that count", () => {
  const batch = ingest().take.begin("event", token("zhangjiagang"), NOW);
  batch.take(TOO_LONG);
  expect(batch.end().rejected).toEqual([
    { index: 0, reason: "out-of-range", field: "item", detail: "item: has more than 262144 bytes" },
  ]);
});

describe("small cells", () => {
  const valueOf = (hub: Hub, district: string): number | undefined => {
    const state = hub.state(readingTopic("guangdong", district, "hotline-today"));
    return state?.kind === "reading" ? state.last?.value : undefined;
  };

  it("of districts and their parts never get behind the check; the whole and larger ones do", () => {
    const { hub, take } = ingest();
    expect(
      take.readings(
        [
          reading("hotline-today", "440106", 3),
          reading("hotline-today", "440100", 4),
          reading("hotline-today", "440300", 5),
          reading("hotline-today", "441900", 0),
          reading("hotline-waiting", "all", 3),
        ],
        token("guangdong"),
        NOW,
      ),
    ).toMatchObject({ accepted: 5, rejectedTotal: 0 });
    expect(["440106", "440100", "440300", "441900"].map((district) => valueOf(hub, district))).toEqual([
      2.5, 2.5, 5, 0,
    ]);
  });
});

describe("what is told of another city than the token's", () => {
  const told = (kind: "reading" | "event" | "position", item: object): unknown => {
    const batch = ingest().take.begin(kind, token("zhangjiagang"), NOW);
    batch.take(item);
    return batch.end().rejected;
  };
  const at = new Date(NOW).toISOString();
  const event = { id: "e", kind: "noise", title: "n", severity: 1, stage: "a", stages: ["a", "b"], at, source: "s" };
  const thing = { id: "t", at, lon: 113, lat: 23 };
  it.each([
    [
      "reading",
      [reading("hotline-today", "440106", 7), reading("tides", "440106", 7), reading("hotline-today", "999999", 7)],
    ],
    [
      "event",
      [
        { ...event, city: "guangdong", district: "440106" },
        { ...event, city: "guangdong", district: "999999" },
      ],
    ],
    [
      "position",
      [
        { ...thing, city: "guangdong", layer: "vehicles" },
        { ...thing, city: "guangdong", layer: "kites" },
      ],
    ],
  ] as const)("of a %s is the same, whatever there is of it", (kind, items) => {
    const out = [{ index: 0, reason: "out-of-scope", field: "city", detail: "city: this token is for zhangjiagang" }];
    for (const item of items) expect([told(kind, item), told(kind, { ...item, city: "atlantis" })]).toEqual([out, out]);
  });
});

describe("parts of districts", () => {
  it("are known by their code", () => {
    const { take } = ingest();
    expect(
      take
        .readings(
          [reading("hotline-today", "440106", 30), reading("hotline-today", "440199", 30)],
          token("guangdong"),
          NOW,
        )
        .rejected.map(({ index, reason }) => [index, reason]),
    ).toEqual([[1, "unknown-district"]]);
  });
});

describe("events", () => {
  const event = (more: object): object => ({
    id: "e1",
    city: "zhangjiagang",
    district: "320582100",
    kind: "noise",
    title: "x",
    severity: 1,
    stages: ["上报", "受理", "办结"],
    stage: "上报",
    at: new Date(NOW - 60_000).toISOString(),
    source: "x",
    ...more,
  });

  it("keep the way they came, whoever tells it: steps that are sent and those that were seen", () => {
    const { hub, take } = ingest();
    events(take, [event({})]);
    events(take, [event({ stage: "受理", unit: "联动中心", updated: new Date(NOW - 30_000).toISOString() })]);
    expect(hub.event("zhangjiagang", "e1")?.steps).toEqual([
      { stage: "上报", at: NOW - 60_000 },
      { stage: "受理", at: NOW - 30_000, unit: "联动中心" },
    ]);
    events(take, [
      event({
        id: "e2",
        stage: "办结",
        updated: new Date(NOW).toISOString(),
        steps: [{ stage: "受理", at: new Date(NOW - 50_000).toISOString(), unit: "中心" }],
      }),
    ]);
    expect(hub.event("zhangjiagang", "e2")?.steps?.map((step) => step.stage)).toEqual(["受理", "办结"]);
  });

  it("refuse steps that cannot be, naming the step", () => {
    const { take } = ingest();
    const answer = events(take, [
      event({ steps: [{ stage: "飞走", at: new Date(NOW).toISOString() }] }),
      event({ steps: "none" }),
      event({ steps: [{ stage: "受理", at: "yesterday" }] }),
      event({ unit: 5 }),
    ]);
    expect(answer.rejected.map(({ field }) => field)).toEqual(["steps[0].stage", "steps", "steps[0].at", "unit"]);
  });
});

describe("a batch that cannot be written", () => {
  it("is refused in plain words; what the system says of it is in the log, once for each fault", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    let fault: string | null = "ENOSPC: no space left on device, write '/srv/citywall/1.journal'";
    const flushed = (): Promise<void> => (fault === null ? Promise.resolve() : Promise.reject(new NotKept(fault)));
    const recorder = { flushed, refused: 0 } as unknown as Recorder;
    const take = new Ingest(new Hub(1), makeStats(), () => facts, recorder);
    for (let i = 0; i < 3; i++)
      await expect(take.kept()).rejects.toThrow(/^the journal cannot be written at present; send it again in \d+ s$/);
    expect(log.mock.calls).toEqual([[`citywall: the journal cannot be written: ${fault}`]]);
    fault = null;
    await take.kept();
    fault = "EIO: i/o error, fdatasync";
    await expect(take.kept()).rejects.toThrow(/^the journal cannot/);
    expect([recorder.refused, log.mock.calls.length]).toEqual([4, 2]);
    log.mockRestore();
  });
});
