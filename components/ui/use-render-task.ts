"use client";
import { useEffect, useRef, type RefObject } from "react";
import type { Wanted } from "@/lib/contract/widget";
import type { RenderHandle, Rank } from "@/lib/live/render-scheduler";
import { usePageContext } from "./page-context";
import { keyOf, watchTopics } from "./watch-topics";

interface RenderTaskOptions {
  rank: Rank;
  /** ms between two paintings at the least */
  every: number;
  topics: Wanted[];
  /** also paint twice a second although nothing came, because it shows an age or the time */
  beat?: boolean;
}

/** How far outside of the screen is painted as well. */
const AHEAD = "200px";

/**
 * Paints `element` outside React whenever one of the topics changes and the repaint budget allows.
 * Not painted while it is off the screen. `paint` may change from render to render; it is given its own handle, to ask
 * for another painting.
 */
export function useRenderTask(
  element: RefObject<Element | null>,
  { rank, every, topics, beat = false }: RenderTaskOptions,
  paint: (own: RenderHandle) => boolean | void,
): RefObject<RenderHandle | null> {
  const { live, scheduler } = usePageContext();
  const latest = useRef(paint);
  const handle = useRef<RenderHandle | null>(null);
  const key = keyOf(topics);
  useEffect(() => {
    latest.current = paint;
    handle.current?.mark();
  });
  useEffect(() => {
    const target = element.current;
    if (!target) return;
    let seen = true;
    const painted: RenderHandle = scheduler.add({
      rank,
      every,
      paint: () => latest.current(painted),
      visible: () => seen,
    });
    handle.current = painted;
    const observer = new IntersectionObserver(
      (entries) => {
        seen = entries.some((entry) => entry.isIntersecting);
        if (seen) painted.mark();
      },
      // Where a page scrolls, what comes into sight is up to date already.
      { rootMargin: AHEAD },
    );
    observer.observe(target);
    const stops = watchTopics(live, key, painted.mark);
    if (beat) stops.push(live.onBeat(painted.mark));
    return () => {
      observer.disconnect();
      for (const stop of stops) stop();
      painted.remove();
      handle.current = null;
    };
  }, [element, live, scheduler, rank, every, key, beat]);
  return handle;
}
