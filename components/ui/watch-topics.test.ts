import { describe, expect, it } from "vitest";
import { type LiveStore } from "@/lib/live/live-store";
import { keyOf, watchTopics } from "./watch-topics";

const TOPIC = "reading/x/all/cases";

describe("watchTopics", () => {
  it("asks for every span of a topic, as a line does for its own past and for that of a day before", () => {
    const asked: { topic: string; spans: number[] }[] = [];
    const listeners = new Set<() => void>();
    const live = {
      watch: (topic: string, span: number, listener: () => void) => {
        expect(listeners.has(listener)).toBe(false);
        listeners.add(listener);
        asked.push({ topic, spans: [span] });
        return () => listeners.delete(listener);
      },
    } as unknown as Pick<LiveStore, "watch">;
    const stops = watchTopics(
      live,
      keyOf([
        { topic: TOPIC, span: 21_600 },
        { topic: TOPIC, span: 115_200 },
      ]),
      () => {},
    );
    expect(asked.map(({ spans }) => spans)).toEqual([[21_600], [115_200]]);
    for (const stop of stops) stop();
    expect(listeners.size).toBe(0);
  });
});
