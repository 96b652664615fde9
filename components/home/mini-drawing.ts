import type { CityFacts } from "@/lib/contract/city";
import { seriesOf } from "@/lib/contract/reduce";
import type { Series } from "@/lib/contract/series";
import { metricFacts, refTopic, type MetricRef } from "@/lib/contract/widget-settings";
import { readingOf, readMetric, type Live } from "@/lib/live/read-metric";
import { heatCells } from "@/components/widgets/heat-calendar/heat-calendar-option";
import { hourlyRises } from "@/components/widgets/line/line-rises";
import { linePoints, lineRhythm, type Rhythm } from "@/components/ui/line-points";

/** Side of the square that small pictures are drawn in; it is stretched over their tile. */
export const SIDE = 100;
/** Parts of it between two pictures of one tile, and above and below a line. */
const EDGE = 4;

const round = (value: number): number => Math.round(value * 10) / 10;

/** Where values lie in a picture, from the top: the lowest at `foot`, the highest at `head`. */
type Heights = (value: number) => number;

function heights(values: number[], head: number, foot: number, from = Infinity): Heights {
  const low = Math.min(from, ...values);
  const range = Math.max(...values) - low || 1;
  return (value) => foot - ((value - low) / range) * (foot - head);
}

/** A path through `at, value` pairs; a new line begins after what is not known. */
function pathOf(points: Float64Array, across: (at: number) => number, down: Heights): string {
  const steps: string[] = [];
  let pen = "M";
  for (let i = 0; i < points.length; i += 2) {
    const value = points[i + 1] as number;
    if (Number.isNaN(value)) pen = "M";
    else {
      steps.push(`${pen}${round(across(points[i] as number))} ${round(down(value))}`);
      pen = "L";
    }
  }
  return steps.join("");
}

interface Span {
  from: number;
  to: number;
}

const valuesIn = (points: Float64Array): number[] =>
  [...points].filter((value, i) => i % 2 === 1 && !Number.isNaN(value));

/**
 * Paths of lines over a time, in a square of `SIDE`: all on one scale, or each in a row of its own where they are several pictures.
 * @param lines by line what is known of it; null of nothing
 */
export function linePaths(
  lines: ({ series: Series; rhythm: Rhythm } | null)[],
  { from, to }: Span,
  several: boolean,
): string[] {
  const points = lines.map((line) => (line ? linePoints(line.series, from, line.rhythm) : new Float64Array(0)));
  const across = (at: number): number => Math.max(0, ((at - from) / (to - from)) * SIDE);
  const all = points.flatMap(valuesIn);
  const row = SIDE / lines.length;
  return points.map((own, i) => {
    const down = several
      ? heights(valuesIn(own), i * row + EDGE, (i + 1) * row - EDGE)
      : heights(all, EDGE, SIDE - EDGE);
    return pathOf(own, across, down);
  });
}

/** Columns of what each hour added, standing on the foot of the square; none of an hour that is not known. */
export function risesPath(series: Series, { from, to }: Span, timeZone: string): string {
  const rises = hourlyRises(series, from, to, timeZone);
  const down = heights(
    rises.flatMap(({ rise }) => rise ?? []),
    EDGE,
    SIDE,
    0,
  );
  const width = SIDE / rises.length;
  return rises
    .map(({ rise }, i) =>
      rise === null ? "" : `M${round((i + 0.15) * width)} ${SIDE}V${round(down(rise))}h${round(width * 0.7)}V${SIDE}Z`,
    )
    .join("");
}

/** How many shades the hours of a week are told apart by. */
export const SHADES = 5;

/** By shade, from the lowest, the cells of a week's hours, in a square of `SIDE`. */
export function hoursPaths(cells: [number, number, number][]): string[] {
  const most = Math.max(1, ...cells.map(([, , value]) => value));
  const [width, height] = [SIDE / 24, SIDE / 7];
  const paths = Array.from({ length: SHADES }, () => "");
  for (const [hour, weekday, value] of cells) {
    const shade = Math.min(SHADES - 1, Math.floor((value / most) * SHADES));
    paths[shade] +=
      `M${round(hour * width)} ${round(weekday * height)}h${round(width * 0.85)}v${round(height * 0.85)}h${-round(width * 0.85)}Z`;
  }
  return paths;
}

/**
 * Slices of a ring as stops of a conic gradient. @param parts shares in %, null of one that does not count
 * @param colors by part
 */
export function ringStops(parts: (number | null)[], colors: string[]): string {
  let from = 0;
  return parts
    .flatMap((part, i) => {
      if (!part) return [];
      const stop = `${colors[i]} ${round(from)}% ${round(from + part)}%`;
      from += part;
      return [stop];
    })
    .join(", ");
}

/** What stands in the live store for a picture's numbers. */
interface Asked {
  live: Live;
  city: CityFacts;
  refs: MetricRef[];
}

function seriesAt({ live, city }: Asked, ref: MetricRef, span: number): Series | null {
  const state =
    readMetric(live, city, refTopic(city, ref)).at === null ? undefined : readingOf(live, refTopic(city, ref));
  return state ? seriesOf(state, span) : null;
}

/** Paths of lines as they are now. @param span seconds */
export function liveLines(asked: Asked, span: number, several: boolean): string[] {
  const { live, city, refs } = asked;
  const to = live.now();
  const lines = refs.map((ref) => {
    const series = seriesAt(asked, ref, span);
    return series && { series, rhythm: lineRhythm(live, span, series, metricFacts(city, ref.metric)) };
  });
  return linePaths(lines, { from: to - span * 1000, to }, several);
}

/** The column of each hour as it is now. @param span seconds */
export function liveRises(asked: Asked, span: number): string {
  const [ref] = asked.refs;
  const series = ref ? seriesAt(asked, ref, span) : null;
  const to = asked.live.now();
  return series ? risesPath(series, { from: to - span * 1000, to }, asked.city.timeZone) : "";
}

/** The hours of a week as they are now. */
export function liveHours({ live, city, refs: [ref] }: Asked): string[] {
  const state = ref && readingOf(live, refTopic(city, ref));
  const cells = state ? heatCells(state.hourly, metricFacts(city, ref.metric), live.now(), city.timeZone) : [];
  return hoursPaths(cells);
}
