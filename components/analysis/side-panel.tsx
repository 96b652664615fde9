"use client";
import { useMemo, useState, type ReactNode } from "react";
import { metricOf, type CityFacts, type Lang } from "@/lib/contract/city";
import type { CityEvent } from "@/lib/contract/events";
import { eventKind, eventTitle, formatNumber, t } from "@/components/ui/i18n";
import { placeName } from "@/components/ui/place-name";
import { stamp } from "@/components/ui/stamp";
import { severityVariable } from "@/components/ui/theme";
import { whoText } from "@/components/ui/who";
import { tableRows } from "./analysis-math";
import { provisionalOf, type Curve } from "./range-option";
import { SIDES, type AnalysisState } from "./analysis-state";
import { Moments } from "./moments";
import type { Notes } from "./use-city";

/** Events that the list shows at once; the count above it says how many there are. */
const SHOWN = 200;
const KINDS = 6;
const HOUR = 3_600_000;

interface SidePanelProps {
  city: CityFacts;
  adcode: string;
  lang: Lang;
  state: AnalysisState;
  change: (part: Partial<AnalysisState>) => void;
  /** of the scope and kind asked for, newest first */
  events: CityEvent[];
  /** kinds of the scope's events with their counts, most first */
  kinds: [string, number][];
  cut: boolean;
  /** while events of another range are asked for */
  busy: boolean;
  notes: Notes;
  range: [number, number];
  /** what the chart shows, for the table */
  curves: Curve[];
  decimals: number;
  /** the summary */
  children: ReactNode;
}

/** Beside the chart: the summary, the events of the range, or what was noted to it. */
export function SidePanel(props: SidePanelProps) {
  const { lang, state, change, events, notes, children } = props;
  const counts = { summary: null, table: null, events: events.length, notes: notes.notes.length };
  return (
    <section className="tile" style={{ gridArea: "facts" }}>
      <header className="tile-head analysis-tabs" role="tablist">
        {SIDES.map((side) => (
          <button
            key={side}
            type="button"
            role="tab"
            aria-selected={state.side === side}
            onClick={() => change({ side })}
          >
            {t(lang, side === "table" ? "tableOf" : side)}
            {counts[side] !== null && (
              <span className="figure">
                {counts[side]}
                {side === "events" && props.cut ? "+" : ""}
              </span>
            )}
          </button>
        ))}
      </header>
      <div className="tile-body analysis-side">
        {state.side === "events" && <EventList {...props} />}
        {state.side === "notes" && <NoteList {...props} />}
        {state.side === "table" && <ValueTable {...props} />}
        {state.side === "summary" && children}
      </div>
    </section>
  );
}

/** The chart's values as numbers. */
function ValueTable({ city, lang, curves, decimals }: SidePanelProps) {
  const rows = useMemo(() => tableRows(curves.map(({ points }) => points)), [curves]);
  const provisional = new Set(
    curves.flatMap((curve) => provisionalOf(curve).flatMap((is, i) => (is ? [curve.points.at[i]] : []))),
  );
  if (rows.length === 0) return <p className="empty">{t(lang, "noHistory")}</p>;
  return (
    <div className="analysis-table">
      <table>
        <thead>
          <tr>
            <th>{t(lang, "time")}</th>
            {curves.map(({ name }) => (
              <th key={name}>{name}</th>
            ))}
          </tr>
        </thead>
        <tbody className="figure">
          {rows.map(({ at, values }) => (
            <tr key={at} data-provisional={provisional.has(at)}>
              <td>
                {stamp(at, city.timeZone)}
                {provisional.has(at) && <em>{t(lang, "provisional")}</em>}
              </td>
              {values.map((value, i) => (
                <td key={i}>{value === null ? "–" : formatNumber(value, decimals, lang)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function EventList({ city, adcode, lang, state, change, events, kinds, busy }: SidePanelProps) {
  return (
    <>
      <div className="analysis-chips">
        {(["district", "city"] as const).map((scope) => (
          <button key={scope} type="button" aria-pressed={state.scope === scope} onClick={() => change({ scope })}>
            {placeName(city, scope === "city" ? "all" : adcode, lang)}
          </button>
        ))}
        <i />
        {kinds.slice(0, KINDS).map(([kind, count]) => (
          <button
            key={kind}
            type="button"
            aria-pressed={state.kind === kind}
            onClick={() => change({ kind: state.kind === kind ? null : kind })}
          >
            {eventKind(lang, kind)} <span className="figure">{count}</span>
          </button>
        ))}
      </div>
      {events.length === 0 ? (
        !busy && <p className="empty">{t(lang, "noEventsThen")}</p>
      ) : (
        <ul className="analysis-events" aria-busy={busy}>
          {events.slice(0, SHOWN).map((event) => (
            <li key={event.id} data-chosen={event.id === state.event}>
              <button type="button" onClick={() => change({ event: event.id === state.event ? null : event.id })}>
                <i style={{ background: severityVariable(event.severity) }} />
                <time className="figure">{stamp(event.at, city.timeZone)}</time>
                <span>{eventTitle(lang, event)}</span>
              </button>
              <a href={`/wall/${city.id}/overview?at=${new Date(event.at).toISOString()}`}>{t(lang, "replay")}</a>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function NoteList(props: SidePanelProps) {
  const { city, lang, notes } = props;
  return (
    <>
      <NoteForm {...props} />
      <ul className="analysis-notes">
        {notes.notes.map(({ id, from, to, text, metric, by, made }) => (
          <li key={id}>
            <div>
              <time className="figure">
                {stamp(from, city.timeZone)} – {stamp(to, city.timeZone)}
              </time>
              <button
                type="button"
                aria-label={t(lang, "remove")}
                title={t(lang, "remove")}
                data-needs="note"
                onClick={() => void notes.remove(id)}
              >
                ×
              </button>
            </div>
            <p>{text}</p>
            <small>{metric ? metricOf(city, metric)?.name[lang] : t(lang, "allMetrics")}</small>
            <small>
              {by !== null && `${whoText(lang, by)} · `}
              <time className="figure">{stamp(made, city.timeZone)}</time>
            </small>
          </li>
        ))}
      </ul>
    </>
  );
}

function NoteForm({ city, adcode, lang, state, events, notes, range }: SidePanelProps) {
  const chosen = events.find((event) => event.id === state.event);
  const [text, setText] = useState("");
  const [span, setSpan] = useState<[number, number] | null>(null);
  const [all, setAll] = useState(false);
  // What was clicked last is most likely what the note is about; otherwise the range on the chart.
  const [from, to] = span ?? (chosen ? [chosen.at, chosen.at + HOUR] : range);
  const save = async (): Promise<void> => {
    if (
      text.trim() === "" ||
      !(await notes.add({ district: adcode, metric: all ? null : state.metric, from, to, text }))
    )
      return;
    setText("");
    setSpan(null);
  };
  return (
    <form
      className="analysis-note-form"
      data-needs="note"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <textarea
        value={text}
        maxLength={500}
        rows={2}
        placeholder={t(lang, "noteHint")}
        aria-label={t(lang, "notes")}
        onChange={(event) => setText(event.target.value)}
      />
      <Moments from={from} to={to} timeZone={city.timeZone} lang={lang} onChange={setSpan} />
      <div>
        <label>
          <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} />
          {t(lang, "allMetrics")}
        </label>
        <button type="submit" disabled={text.trim() === ""}>
          {t(lang, "save")}
        </button>
      </div>
      {notes.error && <p role="alert">{notes.error}</p>}
    </form>
  );
}
