import type { EventsState } from "@/lib/contract/reduce";

export interface Mark {
  id: string;
  at: [number, number];
  severity: number;
  /** 0 = just reported, 1 = about to close */
  progress: number;
}

/** Open events that have a place, the gravest last so that it is drawn on top. */
export function marks(state: EventsState | undefined, minSeverity: number): Mark[] {
  if (!state) return [];
  return [...state.open.values()]
    .filter((event) => event.lon !== undefined && event.lat !== undefined && event.severity >= minSeverity)
    .map((event) => ({
      id: event.id,
      at: [event.lon as number, event.lat as number] as [number, number],
      severity: event.severity,
      progress: Math.max(0, event.stages.indexOf(event.stage)) / Math.max(1, event.stages.length - 1),
    }))
    .sort((a, b) => a.severity - b.severity || (a.id < b.id ? -1 : 1));
}
