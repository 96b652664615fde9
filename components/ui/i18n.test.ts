import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  basedOn,
  eventKind,
  eventTitle,
  formatAge,
  formatNumber,
  formatSeconds,
  formatTime,
  missingWords,
  ownTitle,
  roundTo,
  several,
  shortNumber,
  skippedWords,
} from "./i18n";

describe("numbers and times", () => {
  it("group digits and keep decimals", () => {
    expect([formatNumber(1234567, 0, "zh"), formatNumber(1.5, 2, "en"), formatNumber(-0.04, 1, "zh")]).toEqual([
      "1,234,567",
      "1.50",
      "-0.0",
    ]);
  });

  it("are rounded for comparison as they are written beside it", () => {
    expect([roundTo(1.005, 2), roundTo(2.675, 2), roundTo(-1.375, 2), roundTo(1_234.5, 0), roundTo(1e15, 1)]).toEqual([
      1.01, 2.68, -1.38, 1_235, 1e15,
    ]);
    fc.assert(
      fc.property(
        fc.double({ min: -1e9, max: 1e9, noNaN: true }),
        fc.integer({ min: 0, max: 4 }),
        (value, decimals) => {
          expect(formatNumber(roundTo(value, decimals), decimals, "zh")).toBe(formatNumber(value, decimals, "zh"));
        },
      ),
    );
  });

  it("say what is missing, and nothing where nothing is", () => {
    expect([missingWords(0, "zh"), missingWords(2, "zh"), missingWords(1, "en")]).toEqual([
      "",
      "缺 2 项，未计入",
      "1 missing, not counted",
    ]);
  });

  it("shorten as people in that language do", () => {
    expect([250_000_000, 44_000, 1_500, 12.34, 0].map((n) => shortNumber(n, "zh"))).toEqual([
      "2.5亿",
      "4.4万",
      "1500",
      "12.3",
      "0",
    ]);
    expect([250_000_000, 44_000, 1_500].map((n) => shortNumber(n, "en"))).toEqual(["250M", "44k", "1500"]);
  });

  it("tell lengths of time in their two largest parts, never 99 seconds or 71 minutes", () => {
    const lengths = [3_000, 59_600, 99_000, 120_000, 4_260_000, 7_200_000, 7_230_000, 86_399_000, 86_400_000, 1e9];
    expect(lengths.map((ms) => formatAge(ms, "zh"))).toEqual([
      "3秒",
      "1分钟",
      "1分39秒",
      "2分钟",
      "1小时11分",
      "2小时",
      "2小时",
      "23小时59分",
      "1天",
      "11天13小时",
    ]);
    expect(lengths.slice(0, 6).map((ms) => formatAge(ms, "en"))).toEqual([
      "3 s",
      "1 min",
      "1 min 39 s",
      "2 min",
      "1 h 11 min",
      "2 h",
    ]);
    expect([-5_000, 0].map((ms) => formatAge(ms, "en"))).toEqual(["0 s", "0 s"]);
    expect([formatSeconds(3_600, "zh"), formatSeconds(90, "en"), formatSeconds(0.5, "zh")]).toEqual([
      "1小时",
      "1 min 30 s",
      "0.5秒",
    ]);
  });

  it("count one of a thing and several of it", () => {
    expect([basedOn([1, 1], "en"), basedOn([1, 3], "en"), basedOn([2, 2], "zh")]).toEqual([
      "from 1 day",
      "from 1–3 days",
      "据2天",
    ]);
    expect([several(1, "frame"), several(0, "batch", "batches"), skippedWords(1, "en")]).toEqual([
      "1 frame",
      "0 batches",
      "This display is slow: 1 frame skipped",
    ]);
  });

  it("tell time in the city's zone", () => {
    expect(formatTime(Date.parse("2026-11-22T16:30:05Z"), "Asia/Shanghai", true)).toBe("00:30:05");
  });
});

describe("an event's words", () => {
  it("are the source's own where they can be read, else its kind", () => {
    const lamp = { title: "Streetlight out on Quay Road", kind: "street-lamp" };
    const chinese = { title: "护栏损坏", kind: "guardrail" };
    expect([
      eventTitle("en", lamp),
      eventTitle("zh", lamp),
      eventTitle("en", chinese),
      eventTitle("zh", chinese),
    ]).toEqual([lamp.title, lamp.title, "Damaged guardrail", chinese.title]);
  });
  it("are in the reader's language where the source tells them in both", () => {
    const both = {
      title: "护栏损坏",
      kind: "guardrail",
      titles: { zh: "护栏损坏", en: "Damaged guardrail, Port Road" },
    };
    expect([eventTitle("en", both), eventTitle("zh", both)]).toEqual(["Damaged guardrail, Port Road", "护栏损坏"]);
    expect(ownTitle("en", { title: "护栏损坏" })).toBeNull();
    expect(ownTitle("zh", { title: "Lamp out", titles: { en: "Lamp out" } })).toBe("Lamp out");
  });
  it("of a kind nobody knows are its id, written as words", () =>
    expect([eventKind("en", "water-main"), eventKind("zh", "pothole")]).toEqual(["Water main", "Pothole"]));
});
