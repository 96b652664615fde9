import type { z } from "zod";
import type { eventCellRow } from "./api/records";
import { isClosed, type CityEvent } from "./events";
import type { Severity } from "./severity";
import { isChosen } from "./widget-settings";

/**
 * How many events of one district, kind, stage and severity there are. `day`: empty for open ones; closed ones are
 * counted by the city's date (YYYY-MM-DD) they were closed on.
 */
export interface EventCell {
  day: string;
  district: string;
  kind: string;
  stage: string;
  severity: Severity;
  count: number;
}

/**
 * Exact counts of all events of a city by cell key: whatever a wall holds of the events themselves, it counts these.
 */
export type EventCounts = Map<string, EventCell>;

/** A cell on its way: day, district, kind, stage, severity, count. A count of 0 takes the cell away. */
export type EventCellRow = z.infer<typeof eventCellRow>;

export function cellKey({ day, district, kind, stage, severity }: Omit<EventCell, "count">): string {
  return `${day} ${district} ${kind} ${severity} ${stage}`;
}

export function rowOf({ day, district, kind, stage, severity, count }: EventCell): EventCellRow {
  return [day, district, kind, stage, severity, count];
}

/** Sets cells to the counts that are told: told twice changes nothing. */
export function setCells(counts: EventCounts, rows: EventCellRow[]): void {
  for (const [day, district, kind, stage, severity, count] of rows) {
    const cell = { day, district, kind, stage, severity, count };
    if (count === 0) counts.delete(cellKey(cell));
    else counts.set(cellKey(cell), cell);
  }
}

/** The cell an event is counted in. @param dayOf a moment's date in the city's zone */
export function cellOf(event: CityEvent, dayOf: (at: number) => string): Omit<EventCell, "count"> {
  const { district, kind, stage, severity } = event;
  return { day: isClosed(event) ? dayOf(event.updated) : "", district, kind, stage, severity };
}

/** Counts of a list that is known to be whole. */
export function countedCells(events: Iterable<CityEvent>, dayOf: (at: number) => string): EventCellRow[] {
  const counts: EventCounts = new Map();
  for (const event of events) {
    const cell = cellOf(event, dayOf);
    const key = cellKey(cell);
    counts.set(key, { ...cell, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()].map(rowOf);
}

interface Choice {
  district: string;
  kinds: string[];
  minSeverity?: number;
}

function chosenCells(counts: EventCounts, day: string, choice: Choice): EventCell[] {
  return [...counts.values()].filter(
    (cell) => cell.day === day && cell.severity >= (choice.minSeverity ?? 1) && isChosen(cell, choice),
  );
}

/** Open events of a choice, by stage: how many, and the gravest's severity. */
export function openByStage(counts: EventCounts, choice: Choice): Map<string, { count: number; gravest: number }> {
  const stages = new Map<string, { count: number; gravest: number }>();
  for (const { stage, severity, count } of chosenCells(counts, "", choice)) {
    const known = stages.get(stage) ?? { count: 0, gravest: 0 };
    stages.set(stage, { count: known.count + count, gravest: Math.max(known.gravest, severity) });
  }
  return stages;
}

/** How many events of a choice are open. */
export function openCount(counts: EventCounts, choice: Choice): number {
  return chosenCells(counts, "", choice).reduce((sum, cell) => sum + cell.count, 0);
}

/** How many events of a choice were closed on a date of the city, YYYY-MM-DD. */
export function closedCount(counts: EventCounts, choice: Choice, day: string): number {
  return chosenCells(counts, day, choice).reduce((sum, cell) => sum + cell.count, 0);
}
