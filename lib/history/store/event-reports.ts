import { Pace } from "../../clock/pace";
import { EVENT_FIELDS } from "../../contract/api/records";
import { LIMITS } from "../../contract/api/limits";
import type { EventReports } from "../../contract/api/history";
import {
  mergeEvent,
  stepKey,
  stepsTold,
  type CityEvent,
  type EventReport,
  type EventReporter,
} from "../../contract/events";
import { PLAIN_TEXT } from "../../contract/plain-text";
import type { KeptEvent } from "../writer/journal";
import type { Engine, Row } from "./engine";
import { eventOf } from "./events";

function reporterOf({ reported_by: told }: Row): Pick<KeptEvent, "by"> {
  if (typeof told !== "string" || told === "") return {};
  return { by: JSON.parse(told) as EventReporter };
}

/** Lists and objects of an event are told as JSON. */
function differs(a: CityEvent, b: CityEvent, field: (typeof EVENT_FIELDS)[number]): boolean {
  return JSON.stringify(a[field]) !== JSON.stringify(b[field]);
}

/**
 * What each version of one event told that was new, by the rule of `mergeEvent`: a step belongs to whom told it first. Versions that
 * told nothing new are left out.
 */
class ReportTeller {
  private known: CityEvent | undefined;
  private readonly steps = new Set<string>();

  /** The next version, in the order they came. @returns null where it told nothing new */
  take({ event: version, recorded, by = undefined }: KeptEvent): EventReport | null {
    const before = this.known;
    const after = mergeEvent(before, version);
    this.known = after;
    const steps = stepsTold(version).filter((step) => !this.steps.has(stepKey(step)));
    for (const step of steps) this.steps.add(stepKey(step));
    const changed = before ? EVENT_FIELDS.filter((field) => differs(before, after, field)) : [];
    if (before && steps.length === 0 && changed.length === 0) return null;
    return { recorded, by: by ?? null, steps, changed, severity: after.severity };
  }
}

/** Who reported what of an event, in the order it came: the first of it, where there is more than an answer holds. */
export async function eventReports(
  engine: Engine,
  { city, id }: { city: string; id: string },
): Promise<Omit<EventReports, "completeUntil">> {
  // No event has such an id, and PostgreSQL takes no text that is not plain.
  if (!PLAIN_TEXT.test(id)) return { reports: [], cut: false };
  const { reports: most } = LIMITS.history;
  const rows = await engine.query(
    `SELECT recorded, body, reported_by FROM event_versions WHERE city = $1 AND id = $2 ORDER BY recorded LIMIT ${most + 1}`,
    [city, id],
  );
  const teller = new ReportTeller();
  const pace = new Pace();
  const reports: EventReport[] = [];
  for (const row of rows.slice(0, most)) {
    if (pace.isOver) await pace.rest();
    const report = teller.take({ event: eventOf(row), recorded: Number(row.recorded), ...reporterOf(row) });
    if (report) reports.push(report);
  }
  return { reports, cut: rows.length > most };
}
