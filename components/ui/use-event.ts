"use client";
import { useEffect, useState } from "react";
import { every } from "@/lib/clock";
import type { CityEvent } from "@/lib/contract/events";
import { usePageContext } from "./page-context";

/** ms after which it is asked again: it may have moved, or the store may be back. */
const REFRESH = 5_000;

/** What is known of an event that is looked up. `away`: nobody can say at present; `event` is then as it was last told. */
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
  const [found, setFound] = useState(ASKING);
  useEffect(() => {
    setFound(ASKING);
    if (id === null || !source) return;
    let last = 0;
    const ask = (): void => {
      const own = ++last;
      source.find(city, id).then(
        (event) => own === last && setFound({ event, state: event ? "known" : "unknown" }),
        () => own === last && setFound(({ event }) => ({ event, state: "away" })),
      );
    };
    ask();
    const stop = every(REFRESH, ask);
    return () => {
      last = -1;
      stop();
    };
  }, [source, city, id, round]);
  return found;
}
