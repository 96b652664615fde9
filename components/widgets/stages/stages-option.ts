import { closedCount, openByStage, openCount } from "@/lib/contract/event-counts";
import { isClosed } from "@/lib/contract/events";
import type { EventsState } from "@/lib/contract/reduce";
import { isChosen } from "@/lib/contract/widget-settings";
import type { StagesSettings } from "./definition";

export interface Stage {
  /** null: open events in stages that most events do not go through */
  name: string | null;
  count: number;
  /** median time its events have stood in it, ms; null without any, or where not all of them are at hand */
  standing: number | null;
  /** its gravest event's severity; 0 without any */
  gravest: number;
  /** the last stage: what was closed today */
  closed: boolean;
}

/** The stages that most events go through. */
function wayOf(state: EventsState, settings: StagesSettings): string[] {
  const ways = new Map<string, { names: string[]; count: number }>();
  for (const event of [...state.open.values(), ...state.closed.values()]) {
    if (!isChosen(event, settings)) continue;
    const key = event.stages.join("\n");
    const way = ways.get(key) ?? { names: event.stages, count: 0 };
    ways.set(key, { ...way, count: way.count + 1 });
  }
  return [...ways.values()].sort((a, b) => b.count - a.count)[0]?.names ?? [];
}

/**
 * What stands in each stage at `now` (ms): together all open events, then those closed on the city's date `today`.
 * Counts are of all events; how long they have stood there is told only where all of them are at hand.
 */
export function stagesOf(state: EventsState, settings: StagesSettings, now: number, today: string): Stage[] {
  const way = wayOf(state, settings);
  if (way.length === 0) return [];
  const open = openByStage(state.counts, settings);
  const held = [...state.open.values()].filter((event) => isChosen(event, settings));
  const whole = held.length === openCount(state.counts, settings);
  const stage = (name: string): Stage => {
    const times = held
      .filter((event) => event.stage === name && !isClosed(event))
      .map((event) => now - event.updated)
      .sort((a, b) => a - b);
    const { count, gravest } = open.get(name) ?? { count: 0, gravest: 0 };
    return {
      name,
      count,
      standing: whole ? (times[Math.floor(times.length / 2)] ?? null) : null,
      gravest,
      closed: false,
    };
  };
  const stages = way.slice(0, -1).map(stage);
  const others = [...open].filter(([name]) => !way.slice(0, -1).includes(name)).map(([, cell]) => cell);
  if (others.length > 0)
    stages.push({
      name: null,
      count: others.reduce((sum, cell) => sum + cell.count, 0),
      standing: null,
      gravest: Math.max(...others.map((cell) => cell.gravest)),
      closed: false,
    });
  return [
    ...stages,
    {
      name: way[way.length - 1] ?? null,
      count: closedCount(state.counts, settings, today),
      standing: null,
      gravest: 0,
      closed: true,
    },
  ];
}
