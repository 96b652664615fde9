import type { LineSeriesOption } from "echarts";
import type { Lang } from "@/lib/contract/city";
import type { EventsState } from "@/lib/contract/reduce";
import { SEVERITIES, type Severity } from "@/lib/contract/severity";
import { t } from "@/components/ui/i18n";
import { SEVERITY_SHAPES } from "@/components/ui/severity-shapes";
import { palette, severityColor } from "@/components/ui/theme";

/** When an event began, ms, and how grave it is. */
export interface EventMark {
  at: number;
  severity: Severity;
}

/** Marks that can be told apart on one line. */
const MOST = 40;
/** Where on the axis of marks, 0 to 1, they stand. */
const TOP = 0.9;
/** Size of a mark, rem. */
const SIZE = 0.8;

/**
 * Events of at least a severity that began in [from, to], the oldest first; where they are more than can be told apart, the gravest
 * and of those the newest.
 */
export function eventMarks(
  state: Pick<EventsState, "open" | "closed"> | undefined,
  least: Severity,
  from: number,
  to: number,
): EventMark[] {
  if (!state) return [];
  return [...state.open.values(), ...state.closed.values()]
    .filter(({ at, severity }) => severity >= least && at >= from && at <= to)
    .map(({ at, severity }) => ({ at, severity }))
    .sort((a, b) => b.severity - a.severity || b.at - a.at)
    .slice(0, MOST)
    .sort((a, b) => a.at - b.at);
}

/** A shape at the top of the plot for each event, as on a map, and a hairline from it down to what the line had then. */
export function eventSeries(marks: EventMark[], px: (rems: number) => number): LineSeriesOption[] {
  const common = { type: "line", yAxisIndex: 1, silent: true } as const;
  return [
    {
      ...common,
      z: 1,
      showSymbol: false,
      lineStyle: { width: 1, color: palette().rule, type: "dashed" },
      // A gap after each, or a line would lead to the next.
      data: marks.flatMap(({ at }) => [
        [at, 0],
        [at, TOP],
        [at, NaN],
      ]),
    },
    ...SEVERITIES.map((severity): LineSeriesOption => ({
      ...common,
      name: `severity-${severity}`,
      z: 4,
      symbol: `path://${SEVERITY_SHAPES[severity]}`,
      symbolSize: px(SIZE),
      showSymbol: true,
      showAllSymbol: true,
      lineStyle: { width: 0, opacity: 0 },
      itemStyle: { color: severityColor(severity) },
      data: marks.filter((mark) => mark.severity === severity).map(({ at }) => [at, TOP]),
    })),
  ];
}

const WORDS = { 1: "severity1", 2: "severity2", 3: "severity3", 4: "severity4" } as const;

/** What the marks of events of at least a severity are called. */
export function eventsWords(least: Severity, lang: Lang): string {
  if (least === 1) return t(lang, "events");
  const word = t(lang, WORDS[least]);
  if (lang === "zh") return least === 4 ? `${word}事件` : `${word}及以上事件`;
  const grave = word.toLowerCase();
  return least === 4 ? `Events, ${grave}` : `Events, ${grave} and above`;
}
