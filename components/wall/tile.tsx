"use client";
import { lazy, Suspense, useEffect, useRef, useState, type ComponentType, type CSSProperties } from "react";
import type { CityFacts, Lang, Text } from "@/lib/contract/city";
import { worst, type Freshness } from "@/lib/contract/freshness";
import { worstQuality, type Quality } from "@/lib/contract/readings";
import { safeArea, type Box, type Grid, type Tile as TileConfig } from "@/lib/contract/screens";
import type { SafeArea, Wanted, WidgetProps } from "@/lib/contract/widget";
import { isPulseWithheld, isWithheld, readMetric, readSign, notRetained, type Live } from "@/lib/live/read-metric";
import { usePageContext } from "@/components/ui/page-context";
import { formatAge, t } from "@/components/ui/i18n";
import { noRightWord } from "@/components/ui/no-right";
import { doubtWords, qualityWords, setData, type Doubts } from "@/components/ui/paint-value";
import { useRenderTask } from "@/components/ui/use-render-task";
import { keyOf, watchTopics } from "@/components/ui/watch-topics";
// Several widgets compare: in the wall's own script it comes once, and not with each of them.
import "@/components/ui/comparison";
import { widgetOf, widgets } from "@/components/widgets";
import { viewInTurn } from "@/components/widgets/preload";
import { TileBoundary } from "./tile-boundary";

/** A widget's code is fetched when a screen first shows it. */
const VIEWS: Record<string, ComponentType<WidgetProps> | undefined> = Object.fromEntries(
  Object.keys(widgets).map((type) => [type, lazy(() => viewInTurn(type as keyof typeof widgets))]),
);

/** The shape, the words and the numbers of what is not good among a tile's readings. */
function paintDoubt(element: HTMLElement, quality: Quality, doubts: Doubts, lang: Lang): void {
  const words = doubtWords(doubts, lang);
  if (element.textContent !== words) element.textContent = words;
  setData(element, "quality", quality);
  if (element.title !== qualityWords(quality, lang)) element.title = qualityWords(quality, lang);
}

/** What is to be said of all that a tile shows. */
interface Judged {
  /** worst of its topics; unknown: of some that cannot be known, and the others are live */
  freshness: Freshness | "unknown";
  quality: Quality;
  /** readings that are not good */
  doubts: Doubts;
  /** oldest of their last observations, ms; endless without any */
  oldest: number;
  /** some of it is not kept so long, which is no fault of its feed */
  gap: boolean;
  /** how much of it there is no right to, of which nothing else is said */
  withheld: Withheld;
}

type Withheld = "none" | "some" | "all";

/** Of how much of a tile's topics it holds that there is no right to them. */
function withheldOf(live: Live, topics: Iterable<string>): Withheld {
  const all = [...topics].map((topic) => isWithheld(live, topic));
  if (!all.includes(true)) return "none";
  return all.includes(false) ? "some" : "all";
}

function judge(live: Live, city: CityFacts, topics: Wanted[]): Judged {
  const doubts = { bad: 0, uncertain: 0 };
  const names = new Set(topics.map(({ topic }) => topic));
  const withheld = withheldOf(live, names);
  const judged: Judged = { freshness: "live", quality: "good", doubts, oldest: Infinity, gap: false, withheld };
  let [freshness, unknown]: [Freshness, boolean] = ["live", false];
  for (const topic of names) {
    if (isWithheld(live, topic)) continue;
    if (isPulseWithheld(live, city, topic)) {
      unknown = true;
      continue;
    }
    if (notRetained(live, topic)) {
      judged.gap = true;
      continue;
    }
    const sign = readSign(live, city, topic);
    freshness = worst(freshness, sign.freshness);
    judged.oldest = Math.min(judged.oldest, sign.at ?? Infinity);
    const quality = readMetric(live, city, topic).quality ?? "good";
    judged.quality = worstQuality(judged.quality, quality);
    if (quality !== "good") judged.doubts[quality]++;
  }
  judged.freshness = unknown && freshness === "live" ? "unknown" : freshness;
  return judged;
}

/** How alive a tile is, in a word; with its age where it is behind. */
function paintFreshness(badge: HTMLElement, { freshness, oldest, withheld }: Judged, now: number, lang: Lang): void {
  badge.hidden = withheld === "all";
  setData(badge, "freshness", freshness);
  const behind = (freshness === "late" || freshness === "stale") && Number.isFinite(oldest);
  const state = freshness === "unknown" ? noRightWord("freshnessUnknown", lang) : t(lang, freshness);
  const word = `${state}${behind ? ` ${formatAge(now - oldest, lang)}` : ""}`;
  const target = badge.firstElementChild;
  if (target && target.textContent !== word) target.textContent = word;
}

/** Asks for what a tile shows while its widget's script is still on its way. */
function useAsked(live: Live, topics: Wanted[]): void {
  const key = keyOf(topics);
  useEffect(() => {
    const stops = watchTopics(live, key, () => {});
    return () => {
      for (const stop of stops) stop();
    };
  }, [live, key]);
}

interface TileProps {
  tile: TileConfig;
  box: Box;
  /** the screen's grid, where a backdrop can be on it */
  grid?: Grid;
  city: CityFacts;
}

/** Its rank on a phone, where all tiles stand in one column: as they are read on the wall, line by line; and how high it is there. */
function inColumn({ x, y, h }: Box): CSSProperties {
  return { "--rank": y * 100 + x, "--rows": h } as CSSProperties;
}

/** Where a tile stands. A backdrop lies under all others, and tells what lies on it how far its safe area's edges are from its own. */
function placeOf({ x, y, w, h }: Box, safe: SafeArea | undefined): CSSProperties {
  if (!safe)
    return { gridColumn: `${x + 1} / span ${w}`, gridRow: `${y + 1} / span ${h}`, ...inColumn({ x, y, w, h }) };
  const edges = Object.entries(safe).map(([edge, part]) => [`--safe-${edge}`, `${(part as number) * 100}%`]);
  return { gridColumn: "1 / -1", gridRow: "1 / -1", ...(Object.fromEntries(edges) as CSSProperties) };
}

/** What a tile is called where it is read out: two of one title are told apart by what they are. */
function labelOf(title: Text | null, kind: Text | undefined, lang: Lang): string {
  return [title?.[lang], kind?.[lang]].filter(Boolean).join(lang === "zh" ? "，" : ", ");
}

interface BodyProps {
  widget: string;
  /** null: faulty */
  settings: unknown;
  city: CityFacts;
  safe: SafeArea | undefined;
}

/** That there is no right to anything of a tile: said once, with nothing of its widget. */
function NoRight() {
  const { lang } = usePageContext();
  return (
    <div className="tile-body">
      <p className="no-right">{noRightWord("noRight", lang)}</p>
    </div>
  );
}

/** The widget itself; its name where it is not known or its settings are faulty. */
function Body({ widget, settings, city, safe }: BodyProps) {
  const View = VIEWS[widget];
  return (
    <div className="tile-body">
      <TileBoundary>
        <Suspense fallback={null}>
          {View && settings !== null ? (
            <View settings={settings} city={city} safe={safe} />
          ) : (
            <p className="empty">{widget}</p>
          )}
        </Suspense>
      </TileBoundary>
    </div>
  );
}

/** A widget in its frame: title, and how alive what it shows is. */
export function Tile({ tile, box, grid, city }: TileProps) {
  const { live, lang } = usePageContext();
  const frame = useRef<HTMLElement>(null);
  const badge = useRef<HTMLSpanElement>(null);
  const doubt = useRef<HTMLSpanElement>(null);
  const missing = useRef<HTMLSpanElement>(null);
  const [withheld, setWithheld] = useState<Withheld>("none");
  const definition = widgetOf(tile.widget)?.definition;
  const parsed = definition?.schema.safeParse(tile.settings);
  const topics = definition && parsed?.success ? definition.topics(parsed.data, city) : [];
  const safe = tile.backdrop && grid ? safeArea(box, grid) : undefined;
  const title = tile.title ?? (definition && parsed?.success ? definition.title(parsed.data, city) : null);

  useAsked(live, topics);

  // Judged on the beat and not with each reading: freshness is a matter of seconds, and frames cost more than looks.
  useRenderTask(frame, { rank: "figure", every: 400, topics: [], beat: true }, () => {
    const element = frame.current;
    if (!element || topics.length === 0) return;
    const judged = judge(live, city, topics);
    setWithheld(judged.withheld);
    setData(element, "freshness", judged.freshness);
    setData(element, "quality", judged.quality);
    if (doubt.current) paintDoubt(doubt.current, judged.quality, judged.doubts, lang);
    const gap = judged.gap ? t(lang, "positionsNotRetained") : "";
    if (missing.current && missing.current.textContent !== gap) missing.current.textContent = gap;
    if (badge.current) paintFreshness(badge.current, judged, live.now(), lang);
  });

  return (
    <section
      ref={frame}
      className="tile"
      tabIndex={0}
      data-tile={tile.id}
      data-widget={tile.widget}
      data-bare={title === null && tile.widget !== "map" && tile.widget !== "video"}
      aria-label={labelOf(title, definition?.name, lang) || tile.widget}
      data-backdrop={safe !== undefined}
      data-withheld={withheld}
      style={placeOf(box, safe)}
    >
      {title && (
        <header className="tile-head">
          <span>{title[lang]}</span>
          {withheld === "some" && <span className="badge-withheld">{noRightWord("someWithheld", lang)}</span>}
          {topics.length > 0 && <span ref={doubt} className="badge badge-quality" data-quality="good" />}
          {topics.length > 0 && (
            <span ref={badge} className="badge" data-freshness="offline">
              <span className="badge-word" />
            </span>
          )}
        </header>
      )}
      {withheld === "all" ? (
        <NoRight />
      ) : (
        <Body widget={tile.widget} settings={parsed?.success ? parsed.data : null} city={city} safe={safe} />
      )}
      {withheld === "some" && !title && tile.widget !== "map" && (
        <span className="tile-withheld">{noRightWord("someWithheld", lang)}</span>
      )}
      <span ref={missing} className="tile-notRetained" />
    </section>
  );
}
