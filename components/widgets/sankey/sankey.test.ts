import { describe, expect, it } from "vitest";
import { isAcyclic, sankeyOption } from "./sankey-option";

const flow = (from: string, to: string, value = 1) => ({ from, to, value });

describe("sankey", () => {
  it("knows a circle", () => {
    expect(isAcyclic([flow("a", "b"), flow("b", "c"), flow("a", "c")])).toBe(true);
    expect(isAcyclic([flow("a", "b"), flow("b", "c"), flow("c", "a")])).toBe(false);
  });

  it("draws only what flows, and nothing of a circle", () => {
    const links = (flows: ReturnType<typeof flow>[]) =>
      (sankeyOption(flows, "zh", (r) => r * 16).series as { links: unknown[] }[])[0]?.links.length;
    expect(links([flow("a", "b", 5), flow("a", "c", 0)])).toBe(1);
    expect(links([flow("a", "a", 5)])).toBe(0);
  });

  it("tells what goes in and what comes out where they differ", () => {
    const labels = (flows: ReturnType<typeof flow>[]): string[] => {
      const [series] = sankeyOption(flows, "en", (r) => r * 16).series as unknown as [
        { data: { name: string }[]; label: { formatter: (params: { name: string }) => string } },
      ];
      return series.data.map(({ name }) => series.label.formatter({ name }).split("  ")[1] ?? "");
    };
    expect(labels([flow("a", "open", 30), flow("b", "open", 25), flow("open", "c", 55)])).toEqual([
      "30",
      "55",
      "25",
      "55",
    ]);
    expect(labels([flow("a", "open", 55), flow("open", "c", 189)])).toEqual(["55", "55 → 189", "189"]);
  });

  it("leaves room beside its last nodes for their longest label", () => {
    const room = (to: string): number =>
      (sankeyOption([flow("a", to, 183)], "en", (rems) => rems * 16).series as { right: number }[])[0]?.right ?? 0;
    // Letters of the wall's font are 0.5 to 0.6 of their size wide, ideographs as wide as they are high.
    expect(room("Closed today")).toBeGreaterThan((14 * 0.55 + 3 * 0.25) * 0.95 * 16 + 8);
    expect(room("今日办结")).toBeGreaterThan((4 + 3 * 0.55 + 2 * 0.25) * 0.95 * 16 + 8);
  });
});
