"use client";
import { useState, type MouseEvent, type ReactNode, type RefObject } from "react";
import { districtOf, parentOf, type Lang } from "@/lib/contract/city";
import { t } from "@/components/ui/i18n";
import { placeName } from "@/components/ui/place-name";
import { stamp } from "@/components/ui/stamp";
import { SHIFTS, type Shift } from "./analysis-math";
import { metricsOf, PRESETS, type Preset } from "./analysis-state";
import { PRESET_NAMES, SHIFT_NAMES } from "./analysis-words";
import { toggled, type Explored } from "./explored";
import { exportWords, spokenExport } from "./export-words";
import { Moments } from "./moments";
import { handOver, pictureOf } from "./picture";
import { chartQuestion, isSeen } from "./questions";
import { useExport } from "./use-export";
import { historyUrl } from "./use-history";

/** Draws the main chart as it stands onto a canvas. */
export type Pictured = RefObject<(() => HTMLCanvasElement | null) | null>;

/** What is looked at, and what is done with it. */
export function AnalysisBar({ explored, pictured }: { explored: Explored; pictured: Pictured }) {
  const { view, lang, change, history, happened } = explored;
  const { city, adcode, state, from, to } = view;
  return (
    <div className="analysis-bar">
      <select
        value={state.metric}
        onChange={(event) => change({ metric: event.target.value })}
        aria-label={t(lang, "figures")}
      >
        {metricsOf(city, adcode).map((m) => (
          <option key={m.id} value={m.id}>
            {m.name[lang]}
          </option>
        ))}
      </select>
      <RangeChoice explored={explored} />
      <Moments from={from} to={to} timeZone={city.timeZone} lang={lang} onChange={(range) => change({ range })} />
      <CompareChoice explored={explored} />

      <TakeAlong explored={explored} pictured={pictured} />
      <div className="analysis-progress" data-busy={history.busy || happened.busy}>
        <i style={{ width: `${history.done * 100}%` }} />
        {history.busy && (
          <button type="button" onClick={history.cancel}>
            {t(lang, "cancel")}
          </button>
        )}
      </div>
    </div>
  );
}

function RangeChoice({ explored: { view, lang, change, notRetained } }: { explored: Explored }) {
  return (
    <Choice label={t(lang, "range")}>
      {(Object.keys(PRESETS) as Preset[]).map((preset) => (
        <Pick
          key={preset}
          pressed={view.state.range === preset}
          notRetained={notRetained.names.includes(preset)}
          why={notRetained.why}
          onPick={() => change({ range: preset })}
        >
          {PRESET_NAMES[preset][lang]}
        </Pick>
      ))}
    </Choice>
  );
}

/** Other places, and the same place at earlier times. */
function CompareChoice({ explored: { view, lang, change, notRetained } }: { explored: Explored }) {
  const { city, adcode, state, beside, seen } = view;
  const parent = parentOf(city, adcode);
  const wider = ["all", ...(parent ? [parent.adcode] : [])].filter((place) => isSeen(seen, place));
  const places = [...wider, ...beside.filter((code) => code !== adcode)];
  return (
    <Choice label={t(lang, "compare")}>
      {places.map((place) => (
        <button
          key={place}
          type="button"
          aria-pressed={state.places.includes(place)}
          onClick={() => change({ places: toggled(state.places, place) })}
        >
          {placeName(view.city, place, lang)}
        </button>
      ))}
      {(Object.keys(SHIFTS) as Shift[]).map((name) => (
        <Pick
          key={name}
          pressed={state.shifts.includes(name)}
          notRetained={notRetained.names.includes(name)}
          why={notRetained.why}
          onPick={() => change({ shifts: toggled(state.shifts, name) })}
        >
          {SHIFT_NAMES[name][lang]}
        </Pick>
      ))}
    </Choice>
  );
}

/** The chart as files, as a picture, as an address. */
function TakeAlong({ explored: { view, moment, lang, ready }, pictured }: { explored: Explored; pictured: Pictured }) {
  const { city, adcode, metric, from, to } = view;
  const taken = { ...chartQuestion(view), fill: "none" as const };
  const file = useExport();
  const hrefOf = (format: "csv" | "xlsx"): string | undefined => (ready ? historyUrl(taken, format, lang) : undefined);
  // An address as well, so that it can be copied, or opened elsewhere by the browser's own means.
  const take = (event: MouseEvent<HTMLAnchorElement>): void => {
    const { href } = event.currentTarget;
    if (!href || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    file.start(href);
  };
  const savePicture = async (): Promise<void> => {
    const canvas = pictured.current?.();
    if (!canvas) return;
    const unit = metric.unit[lang];
    const source = city.systems[metric.system]?.name[lang] ?? metric.system;
    const blob = await pictureOf(
      canvas,
      `${city.name[lang]} · ${districtOf(city, adcode)?.name[lang] ?? adcode} · ` +
        `${metric.name[lang]}${unit ? ` (${unit})` : ""}`,
      `${stamp(from, city.timeZone)} – ${stamp(to, city.timeZone)} (${city.timeZone})`,
      [
        `${t(lang, "source")} ${source}`,
        metric.definition?.[lang] ?? "",
        `${t(lang, "madeAt")} ${stamp(moment, city.timeZone)}`,
      ].join(" · "),
    );
    if (blob) handOver(blob, `${adcode}-${metric.id}.png`);
  };
  return (
    <span className="analysis-do">
      <ExportState file={file} lang={lang} />
      <a href={hrefOf("csv")} download data-needs="export" onClick={take}>
        CSV
      </a>
      <a href={hrefOf("xlsx")} download data-needs="export" onClick={take}>
        {t(lang, "workbook")}
      </a>
      <button type="button" onClick={() => void savePicture()}>
        PNG
      </button>
      <CopyLink lang={lang} />
    </span>
  );
}

/** How the file stands that was asked for, said aloud as well, and a way to call it off. */
function ExportState({ file: { state, cancel }, lang }: { file: ReturnType<typeof useExport>; lang: Lang }) {
  const isUnderWay = state.phase === "making" || state.phase === "coming";
  return (
    <span className="analysis-export" data-phase={state.phase}>
      <span aria-hidden>{exportWords(state, lang)}</span>
      <span role="status" aria-live="polite">
        {spokenExport(state, lang)}
      </span>
      {isUnderWay && (
        <button type="button" onClick={cancel}>
          {t(lang, "cancelExport")}
        </button>
      )}
    </span>
  );
}

/** A button that chooses a range or a comparison; one that would show nothing says why instead. */
function Pick({
  pressed,
  notRetained,
  why,
  onPick,
  children,
}: {
  pressed: boolean;
  notRetained: boolean;
  why: string;
  onPick: () => void;
  children: ReactNode;
}) {
  const off = notRetained && !pressed;
  return (
    <button type="button" aria-pressed={pressed} disabled={off} title={off ? why : undefined} onClick={onPick}>
      {children}
    </button>
  );
}

function Choice({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="analysis-choice" role="group" aria-label={label}>
      <span>{label}</span>
      {children}
    </div>
  );
}

function CopyLink({ lang }: { lang: Lang }) {
  const [done, setDone] = useState(false);
  return (
    <button
      type="button"
      onClick={() => void navigator.clipboard?.writeText(window.location.href).then(() => setDone(true))}
    >
      {t(lang, done ? "copied" : "copyLink")}
    </button>
  );
}
