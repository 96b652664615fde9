"use client";
import { useEffect, useState } from "react";
import { every } from "@/lib/clock";
import type { CityEvent } from "@/lib/contract/events";
import { usePageContext } from "./page-context";

/** ms after which it is asked again: it may have moved, or the store may be back. */
const REFRESH = 5_000;

/**
 * What is known of an event that is looked up. `away`: nobody can say at present; `event` is then as it was last told.
 */
export interface FoundEvent {
  event: CityEvent | null;
  state: "asking" | "known" | "unknown" | "away";
}

const ASKING: FoundEvent = { event: null, state: "asking" };

/** Looks an event up that is not among those the page is sent. @param id null asks nothing */
export function useEvent(city: string, id: string | null): FoundEvent {
  const { live } = usePageContext();
  const source = live.eventSource;
  const round = source?.round() ?? 0;
  // Under the question it answers, so that another question begins with none.
  const question = `${city} ${id} ${round}`;
  const [{ of, found }, setFound] = useState({ of: "", found: ASKING });
  useEffect(() => {
    if (id === null || !source) return;
    let gone = false;
    let busy = false;
    const told = (found: (before: FoundEvent) => FoundEvent): void => {
      busy = false;
      if (!gone) setFound((before) => ({ of: question, found: found(before.of === question ? before.found : ASKING) }));
    };
    // One question at a time: on a slow day the next one would come before each answer.
    const ask = (): void => {
      if (busy) return;
      busy = true;
      source.find(city, id).then(
        (event) => told(() => ({ event, state: event ? "known" : "unknown" })),
        () => told(({ event }) => ({ event, state: "away" })),
      );
    };
    ask();
    const stop = every(REFRESH, ask);
    return () => {
      gone = true;
      stop();
    };
  }, [source, city, id, question]);
  return of === question ? found : ASKING;
}
