"use client";
import { useEffect, useMemo, useRef, useState, type RefObject } from "react";
import type { CityFacts } from "@/lib/contract/city";
import type { Screen } from "@/lib/contract/screens";
import { refTopic } from "@/lib/contract/widget-settings";
import { usePageContext } from "@/components/ui/page-context";
import { useRenderTask } from "@/components/ui/use-render-task";
import { miniTiles, miniWanted, type MiniContent, type MiniTile } from "./mini";
import { SHADES, SIDE } from "./mini-drawing";
import { shapesAt, type Shape } from "./mini-land";
import { EVENT_ROWS, paintMini, paintMiniPast } from "./mini-paint";

/** How far outside of the window a picture begins to ask for what it shows. */
const AHEAD = "300px";

/** Whether an element has come near the window once: a page of many pictures asks for what is looked at. */
function useSeen(element: RefObject<Element | null>): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const target = element.current;
    if (!target || seen) return;
    const observer = new IntersectionObserver(
      (entries) => entries.some(({ isIntersecting }) => isIntersecting) && setSeen(true),
      { rootMargin: AHEAD },
    );
    observer.observe(target);
    return () => observer.disconnect();
  }, [element, seen]);
  return seen;
}

/** Outlines of districts, from the time they are there; where a place has none, its seats. */
function Land({
  city,
  outlines,
  seen,
  backdrop,
}: {
  city: CityFacts;
  outlines: string | null;
  seen: boolean;
  backdrop: boolean;
}) {
  const [shapes, setShapes] = useState<Shape[]>([]);
  useEffect(() => {
    if (!outlines || !seen) return;
    let gone = false;
    void shapesAt(outlines).then((found) => gone || setShapes(found));
    return () => {
      gone = true;
    };
  }, [outlines, seen]);
  const room = backdrop ? 14 : 4;
  return (
    <svg viewBox={`${-room} ${-room} ${SIDE + 2 * room} ${SIDE + 2 * room}`}>
      {outlines
        ? shapes.map(({ adcode, path }) => <path key={adcode} data-part={adcode} d={path} />)
        : seatsOf(city).map(([adcode, x, y]) => <circle key={adcode} data-part={adcode} cx={x} cy={y} r="4.5" />)}
    </svg>
  );
}

/** Where a place's districts lie, by their seats, in the square of a picture. */
function seatsOf({ bounds: [[west, south], [east, north]], districts }: CityFacts): [string, number, number][] {
  return districts.map(({ adcode, seat: [lon, lat] }) => [
    adcode,
    ((lon - west) / (east - west)) * SIDE,
    ((north - lat) / (north - south)) * SIDE,
  ]);
}

const Paths = ({ count }: { count: number }) => (
  <svg viewBox={`0 0 ${SIDE} ${SIDE}`} preserveAspectRatio="none">
    {Array.from({ length: count }, (_, i) => (
      <path key={i} data-part={i} d="" />
    ))}
  </svg>
);

const Rows = ({ count }: { count: number }) => Array.from({ length: count }, (_, i) => <u key={i} data-part={i} />);

/** The elements of one tile's picture, which are painted from outside of React. */
function Content({
  content,
  city,
  seen,
  backdrop,
}: {
  content: MiniContent;
  city: CityFacts;
  seen: boolean;
  backdrop: boolean;
}) {
  switch (content.shows) {
    case "numbers":
      return content.refs.map((ref) => (
        <span
          key={refTopic(city, ref)}
          className="figure"
          data-topic={refTopic(city, ref)}
          data-at=""
          data-freshness="offline"
        >
          –
        </span>
      ));
    case "bars":
      return <Rows count={content.refs.length} />;
    case "events":
      return <Rows count={EVENT_ROWS} />;
    case "lines":
      return <Paths count={content.refs.length} />;
    case "rises":
      return <Paths count={1} />;
    case "hours":
      return <Paths count={SHADES} />;
    case "ring":
      return <b data-part="ring" />;
    case "land":
      return <Land city={city} outlines={content.outlines} seen={seen} backdrop={backdrop} />;
    case "nothing":
      return null;
  }
}

/** Calls `paint` with each tile's element. */
function eachTile(
  host: HTMLElement | null,
  tiles: MiniTile[],
  paint: (box: HTMLElement, content: MiniContent) => void,
): void {
  tiles.forEach(({ content }, i) => {
    const box = host?.children[i];
    if (box instanceof HTMLElement) paint(box, content);
  });
}

/** A screen, small: its tiles where they stand, with the numbers, lines, bars and colours that stand on it now. */
export function MiniWall({ city, layout }: { city: CityFacts; layout: Screen }) {
  const { live, lang } = usePageContext();
  const host = useRef<HTMLDivElement>(null);
  const seen = useSeen(host);
  const tiles = useMemo(() => miniTiles(city, layout), [city, layout]);
  const topics = useMemo(
    () => (seen ? tiles.flatMap(({ content }) => miniWanted(city, content)) : []),
    [seen, tiles, city],
  );
  useRenderTask(host, { rank: "figure", every: 500, topics, beat: true }, () =>
    eachTile(host.current, tiles, (box, content) => paintMini(box, content, { live, city, lang })),
  );
  useRenderTask(host, { rank: "chart", every: 5_000, topics, beat: true }, () =>
    eachTile(host.current, tiles, (box, content) => paintMiniPast(box, content, { live, city, lang })),
  );

  return (
    <div ref={host} className="mini-wall" aria-hidden="true">
      {tiles.map(({ id, widget, box, backdrop, content }) => (
        <i
          key={id}
          className={`mini mini-${widget}`}
          data-shows={content.shows}
          data-backdrop={backdrop || undefined}
          style={Object.fromEntries(Object.entries(box).map(([side, part]) => [side, `${part}%`]))}
        >
          <Content content={content} city={city} seen={seen} backdrop={backdrop} />
        </i>
      ))}
    </div>
  );
}
