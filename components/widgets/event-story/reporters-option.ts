import type { CityFacts, Lang } from "@/lib/contract/city";
import type { EventReport, EventReporter } from "@/lib/contract/events";
import type { Severity } from "@/lib/contract/severity";
import { readsIn } from "@/components/ui/i18n";
import type { Chapter } from "./event-story-option";
import { say } from "./words";

/** What a publisher is called: what its token is for, where that can be read in this language, else its feed. */
export function reporterName({ feed, note }: EventReporter, city: CityFacts, lang: Lang): string {
  if (note !== "" && readsIn(lang, note)) return note;
  return feed === "*" ? say(lang, "anyFeed") : (city.systems[feed]?.name[lang] ?? feed);
}

/** Who told first that a stage was reached then; null where nobody is known. */
function reporterOf(chapter: Chapter, reports: readonly EventReport[]): EventReporter | null {
  const told = ({ steps }: EventReport): boolean =>
    steps.some(({ stage, at }) => stage === chapter.stage && at === chapter.at);
  return reports.find(told)?.by ?? null;
}

/** By chapter, the name of who reported it; null where that is nobody who is known, or the one of the chapter before. */
export function reporterNames(
  chapters: readonly Chapter[],
  reports: readonly EventReport[],
  city: CityFacts,
  lang: Lang,
): (string | null)[] {
  let before: string | null = null;
  return chapters.map((chapter) => {
    const by = reporterOf(chapter, reports);
    const name = by && reporterName(by, city, lang);
    if (name === null || name === before) return null;
    before = name;
    return name;
  });
}

/** An event that became graver, or less grave. */
export interface SeverityChange {
  /** when that was reported, ms */
  at: number;
  from: Severity;
  to: Severity;
  by: EventReporter | null;
}

/** Changes of an event's severity that were reported up to a moment (ms), oldest first. */
export function severityChanges(reports: readonly EventReport[], now: number): SeverityChange[] {
  return reports.flatMap(({ recorded, severity, by }, i) => {
    const from = reports[i - 1]?.severity;
    return from === undefined || from === severity || recorded > now ? [] : [{ at: recorded, from, to: severity, by }];
  });
}
