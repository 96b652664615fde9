import { describe, expect, it } from "vitest";
import { exportWords, spokenExport, type Export } from "./export-words";

const words = (state: Export): string[] => [exportWords(state, "zh"), exportWords(state, "en")];

describe("what is said of a file that is asked for", () => {
  it("says nothing before there is one", () => {
    expect(words({ phase: "none" })).toEqual(["", ""]);
  });

  it("tells that it is waited for, how much of it came, and what became of it", () => {
    expect(words({ phase: "making", seconds: 3 })).toEqual([
      "排队或生成中，已等 3 秒",
      "Queued or being prepared, 3 s so far",
    ]);
    expect(words({ phase: "coming", bytes: 1_234_567 })).toEqual(["已接收 1.2 MB", "1.2 MB received"]);
    expect(words({ phase: "done", bytes: 40_000 })).toEqual(["已保存，共 0.1 MB", "Saved, 0.1 MB"]);
    expect(words({ phase: "cancelled" })).toEqual(["已取消，服务器已停止生成", "Canceled, no longer being prepared"]);
  });

  it("is not read out anew with every second and byte", () => {
    expect(spokenExport({ phase: "making", seconds: 3 }, "en")).toBe(
      spokenExport({ phase: "making", seconds: 4 }, "en"),
    );
    expect(spokenExport({ phase: "coming", bytes: 3e6 }, "zh")).toBe(
      spokenExport({ phase: "coming", bytes: 4e6 }, "zh"),
    );
    expect(spokenExport({ phase: "cancelled" }, "zh")).toBe(exportWords({ phase: "cancelled" }, "zh"));
  });

  it.each<[number, number | null, RegExp, RegExp]>([
    [413, null, /缩短时段/, /shorter range/],
    [422, null, /缩短时段.*CSV/, /shorter range.*CSV/],
    [429, 5, /5 秒后再试/, /again in 5 s/],
    [503, null, /稍后再试/, /again later/],
    [503, 1, /1 秒后再试/, /again in 1 s/],
    [500, null, /生成失败/, /could not be prepared/],
    [0, null, /连接中断/, /Connection/],
  ])("says in the reader's words what to ask for instead of what is refused with %i", (status, again, zh, en) => {
    const [said, english] = words({ phase: "refused", status, again, format: "xlsx" });
    expect(said).toMatch(zh);
    expect(english).toMatch(en);
    expect(`${said}${english}`).not.toMatch(/\d{3}|null|undefined/);
  });

  it("does not advise who asked for CSV to take CSV", () => {
    for (const said of words({ phase: "refused", status: 422, again: null, format: "csv" })) {
      expect(said).toMatch(/缩短时段|shorter range/);
      expect(said).not.toContain("CSV");
    }
  });
});
