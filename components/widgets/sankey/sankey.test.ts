import { describe, expect, it } from "vitest";
import { isAcyclic, sankeyOption } from "./sankey-option";

const flow = (from: string, to: string, value = 1) => ({ from, to, value });

describe("sankey", () => {
  it("knows a circle", () => {
    expect(isAcyclic([flow("a", "b"), flow("b", "c"), flow("a", "c")])).toBe(true);
    expect(isAcyclic([flow("a", "b"), flow("b", "c"), flow("c", "a")])).toBe(false);
  });

  it("draws only what flows, and nothing of a circle", () => {
    const links = (flows: ReturnType<typeof flow>[]) => (sankeyOption(flows, "zh", (r) => r * 16).series as { links: unknown[] }[])[0]?.links.length;
    expect(links([flow("a", "b", 5), flow("a", "c", 0)])).toBe(1);
    expect(links([flow("a", "a", 5)])).toBe(0);
  });
});
