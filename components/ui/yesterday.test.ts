import { beforeEach, describe, expect, it } from "vitest";
import type { CityFacts, Metric } from "@/lib/contract/city";
import type { PastValue, ValuesItem } from "@/lib/contract/values";
import { baselinesOf } from "@/lib/live/baselines";
import type { Live } from "@/lib/live/read-metric";
import { wholeOfYesterday, wishMoments, yesterdayCompared } from "./comparison";

const HOUR = 3_600_000;
/** Four in the morning of a Tuesday. */
const NOW = Date.parse("2026-11-24T04:00:00+08:00");
const END = Date.parse("2026-11-23T23:59:59.999+08:00");
const TOPIC = "reading/x/all/cases";
const metric = {
  id: "cases",
  kind: "day",
  decimals: 0,
  unit: { zh: "件", en: "" },
  better: "up",
  interval: 60,
  limit: 120,
};
const city = { id: "x", timeZone: "Asia/Shanghai", metrics: [metric as Metric], districts: [] } as unknown as CityFacts;
const wish = { topic: TOPIC, chosen: "none" as const, yesterday: true };

let past: Map<number, PastValue>;

/** A page that shows this moment, with this past and no other. */
async function page(): Promise<Live> {
  const live = {
    now: () => NOW,
    connected: () => true,
    past: false,
    onBeat: () => () => {},
    values: {
      ask: (items: ValuesItem[]) => Promise.resolve(items.map(({ at }) => at.map((when) => past.get(when) ?? null))),
      round: () => 0,
      speed: () => 0,
    },
  } as unknown as Live;
  const baselines = baselinesOf(live);
  baselines.want(TOPIC, (minute) => wishMoments(city, wish, minute));
  baselines.look();
  await new Promise((resolve) => setTimeout(resolve, 0));
  return live;
}

describe("the whole of yesterday", () => {
  beforeEach(() => {
    past = new Map([
      [END, { at: END - 5_000, value: 1_200, quality: "good" }],
      [END - 7 * 24 * HOUR, { at: END - 7 * 24 * HOUR - 5_000, value: 1_000, quality: "good" }],
    ]);
  });

  it("is asked for with the end of the same weekday before, by which it is measured", () => {
    expect(wishMoments(city, wish, NOW)).toEqual([END, END - 7 * 24 * HOUR]);
    expect(wishMoments(city, { ...wish, yesterday: false }, NOW)).toEqual([]);
  });

  it("is the count that stood when yesterday ended, against that of the week before", async () => {
    const live = await page();
    expect(wholeOfYesterday(live, city, TOPIC)).toEqual({ at: END - 5_000, value: 1_200, quality: "good" });
    expect(yesterdayCompared(live, city, TOPIC)).toMatchObject({
      which: "week",
      direction: "up",
      good: true,
      change: { unit: "percent", size: 20 },
      base: { value: 1_000, at: END - 7 * 24 * HOUR - 5_000 },
    });
  });

  it("is not known where its last reading is bad or of an earlier day", async () => {
    past.set(END, { at: END - 5_000, value: 1_200, quality: "bad" });
    expect(wholeOfYesterday(await page(), city, TOPIC)).toBeNull();
    past.set(END, { at: END - 25 * HOUR, value: 1_200, quality: "good" });
    const live = await page();
    expect([wholeOfYesterday(live, city, TOPIC), yesterdayCompared(live, city, TOPIC)]).toEqual([null, null]);
  });

  it("stands without comparison where the week before is not known", async () => {
    past.delete(END - 7 * 24 * HOUR);
    const live = await page();
    expect([wholeOfYesterday(live, city, TOPIC)?.value, yesterdayCompared(live, city, TOPIC)]).toEqual([1_200, null]);
  });
});
