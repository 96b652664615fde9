"use client";
import { useMemo, useRef } from "react";
import type { CityFacts } from "@/lib/contract/city";
import type { Screen } from "@/lib/contract/screens";
import { readMetric } from "@/lib/live/read-metric";
import { usePageContext } from "@/components/ui/page-context";
import { paintValue } from "@/components/ui/paint-value";
import { useRenderTask } from "@/components/ui/use-render-task";
import { miniTiles, type MiniTile } from "./mini";

/** Characters that a number of a small picture has room for. */
const CHARACTERS = 6;

/** Where a place's districts lie, by their seats. */
function Seats({ city }: { city: CityFacts }) {
  const [[west, south], [east, north]] = city.bounds;
  const across = (lon: number): number => ((lon - west) / (east - west)) * 100;
  const down = (lat: number): number => ((north - lat) / (north - south)) * 100;
  return (
    <svg viewBox="-10 -10 120 120">
      {city.districts.map(({ adcode, seat: [lon, lat] }) => (
        <circle key={adcode} cx={across(lon)} cy={down(lat)} r="4" />
      ))}
    </svg>
  );
}

function Content({ widget, city, shows, topics }: MiniTile & { city: CityFacts }) {
  if (widget === "map") return <Seats city={city} />;
  if (shows === "number")
    return (
      <span className="figure" data-topic={topics[0]} data-at="" data-freshness="offline">
        –
      </span>
    );
  return shows === "bars" ? topics.map((topic) => <u key={topic} data-bar={topic} />) : null;
}

/** Bars by the largest of them; what is dead or bad has none. */
function paintBars(box: HTMLElement, counted: (topic: string) => number | null): void {
  const bars = [...box.querySelectorAll<HTMLElement>("[data-bar]")];
  const values = bars.map(({ dataset }) => Math.max(0, counted(dataset.bar ?? "") ?? 0));
  const most = Math.max(0, ...values);
  bars.forEach(({ style }, i) => {
    const width = most > 0 ? `${((values[i] ?? 0) / most) * 100}%` : "0";
    if (style.width !== width) style.width = width;
  });
}

/** A screen, small: its tiles where they stand, with the numbers and bars that stand on it now. */
export function MiniWall({ city, layout }: { city: CityFacts; layout: Screen }) {
  const { live, lang } = usePageContext();
  const host = useRef<HTMLDivElement>(null);
  const tiles = useMemo(() => miniTiles(city, layout), [city, layout]);
  const topics = [...new Set(tiles.flatMap((tile) => tile.topics))].map((topic) => ({ topic, span: 0 }));
  useRenderTask(host, { rank: "figure", every: 500, topics, beat: true }, () => {
    const box = host.current;
    if (!box) return;
    for (const target of box.querySelectorAll<HTMLElement>("[data-topic]"))
      paintValue(target, live, city, target.dataset.topic ?? "", lang, CHARACTERS);
    for (const bars of box.querySelectorAll<HTMLElement>('[data-shows="bars"]'))
      paintBars(bars, (topic) => readMetric(live, city, topic).counted);
  });

  return (
    <div ref={host} className="mini-wall" aria-hidden="true">
      {tiles.map((tile) => (
        <i
          key={tile.id}
          className={`mini mini-${tile.widget}`}
          data-shows={tile.shows}
          style={Object.fromEntries(Object.entries(tile.box).map(([side, part]) => [side, `${part}%`]))}
        >
          <Content {...tile} city={city} />
        </i>
      ))}
    </div>
  );
}
