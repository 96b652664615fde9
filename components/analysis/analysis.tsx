"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { every } from "@/lib/clock";
import { districtOf, metricOf, siblingsOf, type CityFacts, type Lang } from "@/lib/contract/city";
import { PageContextProvider } from "@/components/ui/page-context";
import { addressRefused, usePageKeys, usePageTime, usePastState, useRefusedMoment } from "@/components/page/page-time";
import { TimeBar } from "@/components/page/time-bar";
import { TitleBar } from "@/components/page/title-bar";
import { usePage } from "@/components/page/use-page";
import { AnalysisBar } from "./analysis-bar";
import { parseState, PRESETS, stateQuery, type AnalysisState } from "./analysis-state";
import { useExplored, type Change } from "./explored";
import { MainPanel, Summary } from "./main-panel";
import { HourPanels, LowPanel, Multiples } from "./panels";
import { isSeen, type View } from "./questions";
import { SidePanel } from "./side-panel";

/** A moving range moves on this often, ms. */
const REFRESH = 60_000;

interface AnalysisProps {
  city: CityFacts;
  adcode: string;
  lang: Lang;
  /** the address's query, as the server saw it */
  query: string;
  /** codes of places that may be looked at, `all` for the whole; null: every one */
  seen: readonly string[] | null;
}

/** The analyst's page of a district: a range of time, compared, explained, and taken along. */
export function Analysis({ city, adcode, lang: initialLang, query, seen }: AnalysisProps) {
  const { time, pageContext, player, lang, toggleLang, turnNumbers } = usePage(initialLang, city);
  const district = districtOf(city, adcode);
  const [state, setState] = useState(() => parseState(city, new URLSearchParams(query), adcode));
  const change = useCallback((part: Partial<AnalysisState>) => setState((before) => ({ ...before, ...part })), []);
  const refused = useRefusedMoment();
  useEffect(() => {
    if (!time || addressRefused()) return;
    window.history.replaceState(
      window.history.state,
      "",
      stateQuery(state, new URLSearchParams(window.location.search).get("at")),
    );
  }, [state, time, refused]);
  usePageKeys(time, toggleLang, turnNumbers);
  if (!pageContext || !district) return <div className="wall" />;
  const tabs = [
    { href: `/district/${city.id}/${adcode}`, title: { zh: "‹ 实时", en: "‹ Live" }, current: false },
    ...siblingsOf(city, adcode).map((d) => ({
      href: `/district/${city.id}/${d.adcode}${stateQuery(state)}`,
      title: d.short,
      current: d.adcode === adcode,
    })),
  ];
  return (
    <PageContextProvider value={pageContext}>
      <div className="wall analysis" data-connected="true" data-past={player !== null}>
        <TitleBar
          city={city}
          heading={{ zh: `${district.name.zh} · 分析`, en: `${district.name.en}, analysis` }}
          tabs={tabs}
          onLang={toggleLang}
          onNumbers={turnNumbers}
          player={player}
        />
        <Explorer city={city} adcode={adcode} lang={lang} state={state} change={change} seen={seen} />
        {player && <TimeBar city={city} player={player} />}
      </div>
    </PageContextProvider>
  );
}

/**
 * The moment the page looks from: the present in steps of a minute, so that a moving range does not ask anew with every
 * second; or where the time machine stands, with what was known then if that is asked for. It moves with jumps and
 * pauses, not with every second that plays.
 */
function useMoment(): { moment: number; asOf: number | undefined } {
  const time = usePageTime();
  const live = time?.page.socket.store;
  const past = usePastState();
  const read = useCallback(() => (live?.connected() ? Math.floor(live.now() / REFRESH) * REFRESH : 0), [live]);
  const [minute, setMinute] = useState(0);
  useEffect(() => every(500, () => setMinute(read())), [read]);
  if (!past) return { moment: minute, asOf: undefined };
  const moment = Math.floor(past.at / 1_000) * 1_000;
  return { moment, asOf: past.knowledge === "then" ? moment : undefined };
}

/** The page once its metric is known. */
function Explorer({
  city,
  adcode,
  lang,
  state,
  change,
  seen,
}: Omit<AnalysisProps, "query"> & { state: AnalysisState; change: Change }) {
  const { moment, asOf } = useMoment();
  const metric = metricOf(city, state.metric);
  if (!metric) return null;
  const to = typeof state.range === "string" ? moment : state.range[1];
  const from = typeof state.range === "string" ? moment - PRESETS[state.range] : state.range[0];
  const other = metricOf(city, state.other) ?? metric;
  const beside = siblingsOf(city, adcode)
    .map((d) => d.adcode)
    .filter((place) => isSeen(seen, place));
  const view: View = { city, adcode, state, metric, other, beside, seen, from, to, asOf };
  return <ExploredView view={view} moment={moment} lang={lang} change={change} />;
}

/** All of it: what the view asks, and its answers drawn. */
function ExploredView({ view, moment, lang, change }: { view: View; moment: number; lang: Lang; change: Change }) {
  const explored = useExplored(view, moment, lang, change);
  const pictured = useRef<() => HTMLCanvasElement | null>(null);
  const { history, happened } = explored;
  const error = history.error ?? happened.error;
  return (
    <>
      <AnalysisBar explored={explored} pictured={pictured} />
      <main className="analysis-grid">
        <MainPanel explored={explored} pictured={pictured} />
        <SidePanel
          city={view.city}
          adcode={view.adcode}
          lang={lang}
          state={view.state}
          change={change}
          events={happened.marks.events}
          kinds={happened.kinds}
          cut={happened.cut}
          busy={happened.busy}
          notes={happened.notes}
          range={[view.from, view.to]}
          curves={explored.curves}
          decimals={view.metric.decimals}
        >
          <Summary explored={explored} />
        </SidePanel>
        <LowPanel explored={explored} />
        <HourPanels explored={explored} />
        <Multiples explored={explored} />
      </main>
      {error !== null && (
        <div className="banner" role="alert">
          {error}
        </div>
      )}
    </>
  );
}
