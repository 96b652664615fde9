"use client";
import type { CityFacts } from "@/lib/contract/city";
import type { CityEvent } from "@/lib/contract/events";
import { formatTime, stageName } from "@/components/ui/i18n";
import { usePageContext } from "@/components/ui/page-context";
import type { Chapter } from "./event-story-option";
import { reporterName, reporterNames, severityChanges, type SeverityChange } from "./reporters-option";
import { useReports } from "./use-reports";
import { say } from "./words";

/** The last changes of an event's severity are told. */
const SEVERITIES_SHOWN = 3;

interface ReportersProps {
  event: CityEvent;
  chapters: readonly Chapter[];
  city: CityFacts;
  /** ms */
  now: number;
}

/** Who reported what of an event: under the stage from which on he did, and how grave it was said to be. */
export default function Reporters({ event, chapters, city, now }: ReportersProps) {
  const { lang } = usePageContext();
  const reports = useReports(event);
  const names = reporterNames(chapters, reports, city, lang);
  const changes = severityChanges(reports, now).slice(-SEVERITIES_SHOWN);
  if (names.every((name) => name === null) && changes.length === 0) return null;
  return (
    <div className="story-reporters" style={{ gridTemplateColumns: `repeat(${event.stages.length}, minmax(0, 1fr))` }}>
      {names.map(
        (name, i) =>
          name !== null && (
            <small
              key={chapters[i]?.stage}
              data-reported={chapters[i]?.stage}
              data-named={stageName(lang, chapters[i]?.stage ?? "")}
              title={name}
              style={{ gridArea: `1 / ${i + 1}` }}
            >
              {say(lang, "reporter")} {name}
            </small>
          ),
      )}
      <Severities changes={changes} city={city} />
    </div>
  );
}

/** How an event became graver or less grave, and who reported that; nothing where it did not. */
function Severities({ changes, city }: { changes: readonly SeverityChange[]; city: CityFacts }) {
  const { lang } = usePageContext();
  if (changes.length === 0) return null;
  return (
    <ul>
      {changes.map(({ at, from, to, by }) => (
        <li key={at}>
          {say(lang, "severity")} {from} → {to} · <span className="figure">{formatTime(at, city.timeZone, true)}</span>
          {by && ` · ${say(lang, "reporter")} ${reporterName(by, city, lang)}`}
        </li>
      ))}
    </ul>
  );
}
