import { isClosed, type CityEvent } from "@/lib/contract/events";

export interface Stage {
  name: string;
  count: number;
  /** median time its events have stood in it, ms; null without any */
  standing: number | null;
  /** its gravest event's severity; 0 without any */
  gravest: number;
}

const HOUR = 3_600_000;
/** Closed events counted in the last stage: those of the last hours. */
export const CLOSED_WITHIN = 8 * HOUR;

/** The stages that most events go through, and what stands in each of them at `now`. */
export function stagesOf(events: CityEvent[], now: number): Stage[] {
  const ways = new Map<string, { names: string[]; events: CityEvent[] }>();
  for (const event of events) {
    const key = event.stages.join(" ");
    const way = ways.get(key) ?? { names: event.stages, events: [] };
    way.events.push(event);
    ways.set(key, way);
  }
  const way = [...ways.values()].sort((a, b) => b.events.length - a.events.length)[0];
  return (way?.names ?? []).map((name) => {
    const here = (way?.events ?? []).filter((event) => event.stage === name && (!isClosed(event) || now - event.updated < CLOSED_WITHIN));
    const times = here.map((event) => now - event.updated).sort((a, b) => a - b);
    return { name, count: here.length, standing: times.length === 0 || here.every(isClosed) ? null : (times[Math.floor(times.length / 2)] ?? null), gravest: Math.max(0, ...here.map((event) => event.severity)) };
  });
}
