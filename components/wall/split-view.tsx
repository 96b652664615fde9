"use client";
import { useLayoutEffect, useMemo, useRef } from "react";
import { zoned } from "@/lib/clock";
import type { CityFacts } from "@/lib/contract/city";
import { displayOf, typeScale, type Screen } from "@/lib/contract/screens";
import type { SplitViewPlayer } from "@/lib/live/split-view";
import type { PastPlayer } from "@/lib/live/replay-player";
import { PageContextProvider, usePageContext } from "@/components/ui/page-context";
import { t, twoDigits } from "@/components/ui/i18n";
import { typeChanged } from "@/components/ui/theme";
import { useRenderTask } from "@/components/ui/use-render-task";
import { usePageKeys, usePageTime } from "../page/page-time";
import { PastLayout } from "../page/past-layout";
import { Evidence } from "./evidence/evidence";
import { Tile } from "./tile";
import { useTypeScale } from "./use-type-scale";
import { TimeBar } from "../page/time-bar";
import { weekday } from "@/components/ui/weekdays";
import { TitleBar, type Tab } from "../page/title-bar";

interface SplitViewProps {
  city: CityFacts;
  /** the screen as it is now, for moments of which no layout was kept */
  present: Screen;
  name: string;
  tabs: Tab[];
  onLang: () => void;
  onNumbers: () => void;
  player: PastPlayer;
  split: SplitViewPlayer;
}

/** The same screen at two moments, side by side, played in step. */
export function SplitView({ city, present, name, tabs, onLang, onNumbers, player, split }: SplitViewProps) {
  // Half a screen wide, each half takes smaller type, which the canvases have to be told.
  useLayoutEffect(() => {
    document.documentElement.dataset.splitView = "";
    typeChanged();
    return () => {
      delete document.documentElement.dataset.splitView;
      typeChanged();
    };
  }, []);
  const scale = typeScale(displayOf(present, city));
  useTypeScale(scale);
  usePageKeys(usePageTime(), onLang, onNumbers);
  return (
    <div className="wall split-view" data-connected="true" data-past="true" data-type-scale={scale}>
      <TitleBar city={city} heading={city.center} tabs={tabs} onLang={onLang} onNumbers={onNumbers} player={player} />
      <div className="split-panes">
        {[split.player, player].map((shown, i) => (
          <Pane key={i} pane={String(i)} player={shown} city={city} present={present} name={name} />
        ))}
      </div>
      <TimeBar city={city} player={player} splitView />
    </div>
  );
}

interface PaneProps {
  pane: string;
  player: PastPlayer;
  city: CityFacts;
  present: Screen;
  name: string;
}

function Pane({ pane, player, city, present, name }: PaneProps) {
  const around = usePageContext();
  const pageContext = useMemo(() => ({ ...around, live: player.store }), [around, player]);
  return (
    <PageContextProvider value={pageContext}>
      <section className="split-pane">
        <PaneClock city={city} />
        <PastLayout player={player} present={present} name={name} city={city}>
          {(screen) => (
            <>
              <main
                className="wall-grid"
                style={{
                  gridTemplateColumns: `repeat(${screen.grid.columns}, minmax(0, 1fr))`,
                  gridTemplateRows: `repeat(${screen.grid.rows}, minmax(0, 1fr))`,
                }}
              >
                {screen.tiles.map((tile) => (
                  <Tile key={`${tile.id} ${tile.widget}`} tile={tile} city={city} box={tile.box} grid={screen.grid} />
                ))}
              </main>
              <Evidence cities={[city]} screen={screen} player={player} pane={pane} keys={pane === "1"} />
            </>
          )}
        </PastLayout>
      </section>
    </PageContextProvider>
  );
}

/** Which moment a half shows, large: two walls that look alike must not be taken for each other. */
function PaneClock({ city }: { city: CityFacts }) {
  const { live, lang } = usePageContext();
  const bar = useRef<HTMLElement>(null);
  const time = useRef<HTMLTimeElement>(null);
  const date = useRef<HTMLSpanElement>(null);
  useRenderTask(bar, { rank: "figure", every: 200, topics: [], beat: true }, () => {
    const now = live.now();
    const z = zoned(now, city.timeZone);
    if (date.current)
      date.current.textContent = `${z.year}-${twoDigits(z.month)}-${twoDigits(z.day)} ${weekday(z.weekday, lang, "short")}`;
    if (!time.current) return;
    time.current.textContent = `${twoDigits(z.hour)}:${twoDigits(z.minute)}:${twoDigits(z.second)}`;
    time.current.dateTime = new Date(now).toISOString();
  });
  return (
    <header ref={bar} className="split-clock">
      <span>{t(lang, "notLive")}</span>
      <span ref={date} className="figure" />
      <time ref={time} className="figure" />
    </header>
  );
}
