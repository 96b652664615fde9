import type { CityEvent } from "@/lib/contract/events";
import type { EventsState } from "@/lib/contract/reduce";
import { SEVERITIES, type Severity } from "@/lib/contract/severity";

/** What may be said of some events. */
export interface EventFacts {
  /** those that are open, the gravest first, of these the newest */
  open: CityEvent[];
  /** how many there are of each severity that there are any of, the gravest first */
  severities: [Severity, number][];
}

/** @param ids of events, of which some may have been closed meanwhile */
export function eventFacts(state: EventsState | undefined, ids: readonly string[]): EventFacts {
  const open = ids
    .flatMap((id) => state?.open.get(id) ?? [])
    .sort((a, b) => b.severity - a.severity || b.at - a.at || (a.id < b.id ? -1 : 1));
  const count = (severity: Severity): number => open.filter((event) => event.severity === severity).length;
  return {
    open,
    severities: [...SEVERITIES]
      .reverse()
      .map((severity): [Severity, number] => [severity, count(severity)])
      .filter(([, many]) => many > 0),
  };
}
