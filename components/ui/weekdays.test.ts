import { describe, expect, it } from "vitest";
import { zoned } from "@/lib/clock";
import { weekday, weekdays } from "./weekdays";

describe("weekdays", () => {
  it("begin with Monday in both languages, in each form", () => {
    expect(weekdays("zh", "column")).toEqual(["一", "二", "三", "四", "五", "六", "日"]);
    expect(weekdays("zh", "short")).toEqual(["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"]);
    expect(weekdays("zh", "long")).toEqual(weekdays("zh", "short"));
    expect(weekdays("en", "column")).toEqual(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]);
    expect(weekdays("en", "long")[2]).toBe("Wednesday");
  });

  it("are counted as a zone's calendar counts them", () => {
    const at = Date.parse("2026-11-22T17:00:00Z"); // Sunday in London, Monday in Shanghai
    expect(weekday(zoned(at, "Europe/London").weekday, "en", "long")).toBe("Sunday");
    expect(weekday(zoned(at, "Asia/Shanghai").weekday, "zh", "short")).toBe("星期一");
  });
});
