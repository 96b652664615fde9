import path from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { loadCity } from "@/lib/cities/load";
import type { CityFacts, Lang } from "@/lib/contract/city";
import { emptyState, reduce, type ReadingItem, type State } from "@/lib/contract/reduce";
import { readingTopic } from "@/lib/contract/topics";
import type { PastValue } from "@/lib/contract/values";
import { baselinesOf } from "@/lib/live/baselines";
import type { Live } from "@/lib/live/read-metric";
import { splitOf, splitTopics, splitWord } from "./split";
import { toldOf, type Told } from "./told";

const CITIES = path.resolve(import.meta.dirname, "../../../cities");
const { facts: city } = await loadCity(CITIES, "lianyungang");
const { facts: province } = await loadCity(CITIES, "guangdong");
const NOW = Date.parse("2026-11-20T10:20:00+08:00");
const WEEK = 7 * 86_400_000;
const CASES = readingTopic(city.id, "all", "cases-today");

interface Seen {
  tolerance?: number;
  connected?: boolean;
  then?: (at: number) => PastValue | null;
}

/** A page that sees these readings, and of the past what `then` says. */
function seeing(
  readings: Record<string, ReadingItem>,
  { tolerance = 0, connected = true, then = () => null }: Seen = {},
): Live {
  const states = new Map<string, State>(
    Object.entries(readings).map(([topic, item]) => [
      topic,
      reduce(emptyState("reading"), { kind: "reading", epoch: 1, offset: 1, snapshot: true, items: [item] }),
    ]),
  );
  return {
    now: () => NOW,
    tolerance,
    past: tolerance > 0,
    skippedFrames: 0,
    store: null,
    values: {
      ask: (items) => Promise.resolve(items.map(({ at }) => at.map(then))),
      round: () => 0,
      speed: () => 1,
    },
    connected: () => connected,
    watch: () => () => {},
    onBeat: () => () => {},
    state: (topic) => states.get(topic),
  };
}

const good = (value: number, age = 2_000): ReadingItem => ({ at: NOW - age, value, quality: "good" });
const factOf = (told: Told, key: string): string => {
  const fact = [...told.state, ...told.meaning, ...told.origin].find((one) => one.key === key);
  return fact ? [fact.text, fact.note].filter(Boolean).join(" | ") : "";
};
const ask = (live: Live, topic = CASES, lang: Lang = "zh", of: CityFacts = city): Told =>
  toldOf({ live, city: of, topic, lang });

afterEach(() => vi.restoreAllMocks());

describe("what there is no right to", () => {
  it("is told with what it means and where it comes from, and nothing of how it stands", () => {
    const live = { ...seeing({}), isWithheld: (name: string) => name === CASES };
    const told = ask(live);
    expect(told.withheld).toBe(true);
    expect(told.state.map(({ key, text }) => [key, text])).toEqual([["right", "无权查看"]]);
    expect(factOf(told, "definition")).not.toBe("");
    expect(factOf(told, "source")).not.toBe("");
    expect(ask(live, CASES, "en").state.map(({ text }) => text)).toEqual(["No right"]);
  });
});

describe("what is told of a number", () => {
  it("is whose it is, its value with its unit, and where it comes from, in both languages", () => {
    const live = seeing({ [CASES]: good(4_321) });
    const told = ask(live);
    expect([told.title, told.place, told.unit, told.reading?.value]).toEqual(["今日办件量", "全市", "件", 4_321]);
    expect([factOf(told, "source"), factOf(told, "interval"), factOf(told, "limit")]).toEqual([
      "政务服务一网通办",
      "5秒",
      "30秒",
    ]);
    expect(factOf(told, "definition")).toBe("自当地零点起受理的政务服务办件数");
    const english = ask(live, CASES, "en");
    expect([english.title, english.place]).toEqual(["Cases today", "Citywide"]);
    expect(
      [...english.state, ...english.meaning, ...english.origin].map(({ text, note }) => text + (note ?? "")),
    ).not.toEqual(expect.arrayContaining([expect.stringMatching(/\p{Script=Han}/u)]));
  });

  it.each<[string, ReadingItem | null, Seen, string, string]>([
    ["live", good(1, 2_000), {}, "实时 | 距采集2秒，未超过7.5秒", "Live | Observed 2 s ago, due within 7.5 s"],
    [
      "late",
      good(1, 20_000),
      {},
      "延迟 | 距采集20秒，超过7.5秒，未到时限30秒",
      "Delayed | Observed 20 s ago, later than 7.5 s, within 30 s",
    ],
    [
      "stale",
      good(1, 99_000),
      {},
      "数据超时 | 距采集1分39秒，超过时限30秒，不代表当前情况",
      "Stale | Observed 1 min 39 s ago, past its timeout of 30 s: no longer current",
    ],
    [
      "without a connection",
      good(1),
      { connected: false },
      "离线 | 连接中断，无法判断",
      "Offline | Connection lost, cannot be judged",
    ],
    ["that never came", null, {}, "离线 | 尚未收到数据", "Offline | No data has arrived yet"],
  ])("gives the reason why one is %s", (_, item, seen, zh, en) => {
    const live = seeing(item ? { [CASES]: item } : {}, seen);
    expect([factOf(ask(live), "freshness"), factOf(ask(live, CASES, "en"), "freshness")]).toEqual([zh, en]);
  });

  it("says by how much limits are wider in a past that is archived more coarsely", () => {
    expect(factOf(ask(seeing({ [CASES]: good(1, 62_000) }, { tolerance: 60_000 })), "freshness")).toBe(
      "实时 | 距采集1分2秒，未超过7.5秒（存档间隔较疏，时限放宽1分钟）",
    );
  });

  it("gives the reason of its quality, and of a computed total another than of what a source sends", () => {
    const quality = (of: CityFacts, metric: string, said: ReadingItem["quality"]): string => {
      const topic = readingTopic(of.id, "all", metric);
      return factOf(ask(seeing({ [topic]: { ...good(7), quality: said } }), topic, "zh", of), "quality");
    };
    expect([quality(city, "cases-today", "good"), quality(city, "cases-today", "bad")]).toEqual([
      "正常 | 数据源未作标记",
      "无效 | 数据源标记该值无效，不计入统计",
    ]);
    expect(quality(province, "hotline-today", "good")).toBe("正常 | 合计所用数据均未被标记");
    expect([quality(city, "cases-today", "uncertain"), quality(province, "hotline-today", "uncertain")]).toEqual([
      "存疑 | 数据源标记该值存疑",
      "存疑 | 合计中有存疑数据，或低于隐私保护阈值的估计值",
    ]);
  });

  it("says of a computed total from what, and of what is sent that nothing is computed", () => {
    const calls = readingTopic(province.id, "all", "hotline-today");
    expect([
      factOf(ask(seeing({}), calls, "zh", province), "formula"),
      factOf(ask(seeing({}), calls, "en", province), "formula"),
    ]).toEqual(["各地市“今日12345来电”之和", "Sum: 12345 calls today of its areas (Cities)"]);
    const part = readingTopic(province.id, "440100", "hotline-today");
    expect(factOf(ask(seeing({}), part, "zh", province), "formula")).toBe("由数据源直接上报，本系统不作计算");
  });

  it("tells a small cell as one, and never its stand-in", () => {
    const part = readingTopic(province.id, "440100", "hotline-today");
    const told = ask(seeing({ [part]: good(2) }), part, "zh", province);
    expect(factOf(told, "small")).toBe("<5");
  });

  it("is compared as on the wall, by name, with the reading that it is compared with", async () => {
    const then = (at: number): PastValue => ({ at: at - 1_000, value: 200, quality: "good" });
    const live = seeing({ [CASES]: good(300, 1_000) }, { then });
    const baselines = baselinesOf(live);
    baselines.want(CASES, () => [NOW - WEEK]);
    baselines.look();
    await vi.waitFor(() => expect(baselines.find(CASES, NOW - WEEK)).not.toBeNull());
    const told = ask(live);
    expect(told.state.find(({ key }) => key === "comparison")).toMatchObject({ term: "较上周同期", text: "▲ 50%" });
    expect(factOf(told, "base")).toBe("200 | 11-13 10:19:59");
  });

  it("says why it is not compared, and compares nothing that is dead", () => {
    expect(factOf(ask(seeing({ [CASES]: good(300) })), "comparison")).toBe("– | 暂无足够的对比基数");
    expect(factOf(ask(seeing({ [CASES]: good(300, 99_000) })), "comparison")).toBe("– | 数据超时或无效，不作对比");
  });

  it("is told of events and layers as well, which have no value of their own", () => {
    const told = ask(seeing({}), `events/${city.id}`);
    expect([told.title, told.reading, factOf(told, "freshness")]).toEqual(["事件", null, "离线 | 尚未收到数据"]);
    expect(factOf(told, "source")).not.toBe("–");
  });
});

describe("a number by place", () => {
  it("has a bar for what counts, by the largest, and none for what is dead, bad or missing", () => {
    const [first, second, third, fourth] = city.districts.map(({ adcode }) =>
      readingTopic(city.id, adcode, "cases-today"),
    );
    const live = seeing({
      [first as string]: good(50),
      [second as string]: good(100),
      [third as string]: good(900, 99_000),
      [fourth as string]: { ...good(800), quality: "bad" },
    });
    const rows = splitOf(live, city, CASES, "zh");
    expect(rows.map(({ part }) => part)).toEqual([0.5, 1, null, null, null, null]);
    expect(rows.map(({ name }) => name).slice(0, 2)).toEqual(["连云", "海州"]);
  });

  it("is that of its parts where it has some, else of the places beside it; none where no readings come of them", () => {
    const of = (where: CityFacts, district: string, metric: string): string[] =>
      splitTopics(where, readingTopic(where.id, district, metric)).map((topic) => topic.split("/")[2] as string);
    expect(of(city, "320706", "cases-today")).toEqual(city.districts.map(({ adcode }) => adcode));
    expect(of(province, "440100", "hotline-today")).toContain("440103");
    expect(of(province, "440103", "hotline-today")).toContain("440104");
    expect(of(city, "all", "certificates")).toEqual([]);
    expect(splitWord(province, readingTopic(province.id, "all", "hotline-today"), "zh")).toBe("地市");
    expect(splitWord(province, readingTopic(province.id, "440100", "hotline-today"), "zh")).toBe("区县");
    const own = splitOf(seeing({}), city, readingTopic(city.id, "320706", "cases-today"), "en").filter(
      (row) => row.own,
    );
    expect(own.map(({ name }) => name)).toEqual(["Haizhou"]);
  });
});
