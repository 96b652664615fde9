"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { after } from "@/lib/clock";
import { usePageContext } from "./page-context";

/**
 * Renders again when one of the topics changed, at most once every `every` ms: for lists and tables,
 * whose rows React draws. Returns a number that grows.
 */
export function useVersion(topics: string[], every: number, beat = false): number {
  const { live } = usePageContext();
  const [version, setVersion] = useState(0);
  const waiting = useRef<(() => void) | null>(null);
  const mark = useCallback(() => {
    waiting.current ??= after(every, () => {
      waiting.current = null;
      setVersion((v) => v + 1);
    });
  }, [every]);
  const key = topics.join("\n");
  useEffect(() => {
    const stops = (key === "" ? [] : key.split("\n")).map((topic) => live.watch(topic, 0, mark));
    if (beat) stops.push(live.onBeat(mark));
    mark();
    return () => {
      for (const stop of stops) stop();
      waiting.current?.();
      waiting.current = null;
    };
  }, [live, key, mark, beat]);
  return version;
}
