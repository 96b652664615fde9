"use client";
import { lazy, Suspense, useRef, type ComponentType } from "react";
import type { CityFacts, Lang } from "@/lib/contract/city";
import { worst, type Freshness } from "@/lib/contract/freshness";
import { worstQuality, type Quality } from "@/lib/contract/readings";
import type { Box, Tile as TileConfig } from "@/lib/contract/screens";
import type { WidgetProps } from "@/lib/contract/widget";
import { readMetric, readSign, notRetained } from "@/lib/live/read-metric";
import { usePageContext } from "@/components/ui/page-context";
import { formatAge, t } from "@/components/ui/i18n";
import { doubtWords, qualityWords, setData, type Doubts } from "@/components/ui/paint-value";
import { useRenderTask } from "@/components/ui/use-render-task";
import { widgetOf, widgets } from "@/components/widgets";
import { TileBoundary } from "./tile-boundary";

/** A widget's code is fetched when a screen first shows it. */
const VIEWS: Record<string, ComponentType<WidgetProps> | undefined> = Object.fromEntries(
  Object.entries(widgets).map(([type, entry]) => [type, lazy(entry.view)]),
);

/** The shape, the words and the numbers of what is not good among a tile's readings. */
function paintDoubt(element: HTMLElement, quality: Quality, doubts: Doubts, lang: Lang): void {
  const words = doubtWords(doubts, lang);
  if (element.textContent !== words) element.textContent = words;
  setData(element, "quality", quality);
  if (element.title !== qualityWords(quality, lang)) element.title = qualityWords(quality, lang);
}

interface TileProps {
  tile: TileConfig;
  box: Box;
  city: CityFacts;
  onSource: () => void;
}

/** A widget in its frame: title, and how alive what it shows is. */
export function Tile({ tile, box, city, onSource }: TileProps) {
  const { live, lang } = usePageContext();
  const frame = useRef<HTMLElement>(null);
  const badge = useRef<HTMLSpanElement>(null);
  const doubt = useRef<HTMLSpanElement>(null);
  const missing = useRef<HTMLSpanElement>(null);
  const definition = widgetOf(tile.widget)?.definition;
  const parsed = definition?.schema.safeParse(tile.settings);
  const topics = definition && parsed?.success ? definition.topics(parsed.data, city) : [];
  const title = tile.title ?? (definition && parsed?.success ? definition.title(parsed.data, city) : null);
  const View = VIEWS[tile.widget];

  // Judged on the beat and not with each reading: freshness is a matter of seconds, and frames cost more than looks.
  useRenderTask(frame, { rank: "figure", every: 400, topics: [], beat: true }, () => {
    const element = frame.current;
    if (!element || topics.length === 0) return;
    let state: Freshness = "live";
    let oldest = Infinity;
    let gap = "";
    let quality: Quality = "good";
    const doubts: Doubts = { bad: 0, uncertain: 0 };
    for (const topic of new Set(topics.map((wanted) => wanted.topic))) {
      if (notRetained(live, topic)) {
        gap = t(lang, "positionsNotRetained");
        continue;
      }
      const sign = readSign(live, city, topic);
      state = worst(state, sign.freshness);
      oldest = Math.min(oldest, sign.at ?? Infinity);
      const own = readMetric(live, city, topic).quality ?? "good";
      quality = worstQuality(quality, own);
      if (own !== "good") doubts[own]++;
    }
    setData(element, "freshness", state);
    setData(element, "quality", quality);
    if (doubt.current) paintDoubt(doubt.current, quality, doubts, lang);
    if (missing.current && missing.current.textContent !== gap) missing.current.textContent = gap;
    if (!badge.current) return;
    setData(badge.current, "freshness", state);
    const age = Number.isFinite(oldest) ? ` ${formatAge(live.now() - oldest, lang)}` : "";
    const word = t(lang, state) + (state === "late" || state === "stale" ? age : "");
    const target = badge.current.firstElementChild;
    if (target && target.textContent !== word) target.textContent = word;
  });

  return (
    <section
      ref={frame}
      className="tile"
      tabIndex={0}
      data-tile={tile.id}
      data-widget={tile.widget}
      data-bare={title === null && tile.widget !== "map" && tile.widget !== "video"}
      aria-label={title?.[lang] ?? definition?.name[lang] ?? tile.widget}
      style={{ gridColumn: `${box.x + 1} / span ${box.w}`, gridRow: `${box.y + 1} / span ${box.h}` }}
      onKeyDown={(event) => {
        if (event.key !== "i" && event.key !== "I") return;
        event.stopPropagation();
        onSource();
      }}
    >
      {title && (
        <header className="tile-head" onClick={onSource}>
          <span>{title[lang]}</span>
          {topics.length > 0 && <span ref={doubt} className="badge badge-quality" data-quality="good" />}
          {topics.length > 0 && (
            <span ref={badge} className="badge" data-freshness="offline">
              <span className="badge-word" />
            </span>
          )}
        </header>
      )}
      <div className="tile-body">
        <TileBoundary>
          <Suspense fallback={null}>
            {View && parsed?.success ? (
              <View settings={parsed.data} city={city} />
            ) : (
              <p className="empty">{tile.widget}</p>
            )}
          </Suspense>
        </TileBoundary>
      </div>
      <span ref={missing} className="tile-notRetained" />
    </section>
  );
}
