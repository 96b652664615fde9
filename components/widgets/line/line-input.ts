import type { Lang, Metric } from "@/lib/contract/city";
import type { Series } from "@/lib/contract/series";
import type { DataColor } from "@/lib/contract/theme";
import type { Rhythm } from "@/components/ui/line-points";
import type { Room } from "./line-ends";
import type { EventMark } from "./line-events";
import type { Rise } from "./line-rises";

export interface Line {
  series: Series | null;
  color?: DataColor | undefined;
  rhythm: Rhythm;
  /** whether its newest reading still stands for the present */
  alive: boolean;
}

/** What values should stay at or under (`down`), reach (`up`), or be near (`none`). */
export interface Target {
  value: number;
  better: Metric["better"];
  words: string;
}

export interface LineInput {
  lines: Line[];
  /** seconds */
  span: number;
  /** whether what each hour added is drawn as bars, of counters that begin anew each day */
  rises: boolean;
  area: boolean;
  /** what is counted: its axis begins at 0 */
  count: boolean;
  /** whether values have no decimals */
  whole: boolean;
  percent: boolean;
  /** what the first line had a day or a week before, see `ghostPoints`; empty where it has none */
  ghost: Float64Array;
  /** events that stand as marks; null where none are asked for */
  events: EventMark[] | null;
  /** what the values should reach or stay under; null where they share none */
  target: Target | null;
  room: Room;
  now: number;
  timeZone: string;
  lang: Lang;
  px: (rems: number) => number;
  /** of the chart, px */
  width: number;
  height: number;
}

/** What is drawn of a line: its points, or what each hour added. */
export interface Drawn {
  points: Float64Array;
  rises: Rise[];
}
