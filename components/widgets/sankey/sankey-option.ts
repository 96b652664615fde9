import type { EChartsOption } from "echarts";
import type { Lang } from "@/lib/contract/city";
import { formatValue } from "@/components/ui/i18n";
import { FONT, palette, seriesColor } from "@/components/ui/theme";

export interface Flow {
  from: string;
  to: string;
  value: number;
}

/** True when following the flows never leads back: ECharts cannot draw circles. */
export function isAcyclic(flows: Flow[]): boolean {
  const onward = new Map<string, string[]>();
  for (const { from, to } of flows) onward.set(from, [...(onward.get(from) ?? []), to]);
  const done = new Set<string>();
  const visit = (node: string, path: Set<string>): boolean => {
    if (path.has(node)) return false;
    if (done.has(node)) return true;
    const ok = (onward.get(node) ?? []).every((next) => visit(next, new Set(path).add(node)));
    done.add(node);
    return ok;
  };
  return [...onward.keys()].every((node) => visit(node, new Set()));
}

/**
 * Size of a label, rem, and about how many of it a text is long: an ideograph one, a letter half, a space a quarter.
 */
const LABEL = 0.95;
const lengthOf = (text: string): number => [...text].reduce((sum, character) => sum + widthOf(character), 0);
function widthOf(character: string): number {
  if (/[\u2e80-\uffef]/.test(character)) return 1;
  return character === " " ? 0.25 : 0.56;
}

/** Nodes in the order they are first named, flows without a value left out. */
export function sankeyOption(flows: Flow[], lang: Lang, px: (rems: number) => number): EChartsOption {
  const drawn = isAcyclic(flows) ? flows.filter((flow) => flow.value > 0) : [];
  const names = [...new Set(drawn.flatMap((flow) => [flow.from, flow.to]))];
  const sum = (end: "from" | "to", name: string): number =>
    drawn.filter((flow) => flow[end] === name).reduce((total, flow) => total + flow.value, 0);
  const through = (name: string): string => {
    const [into, out] = [sum("to", name), sum("from", name)];
    // More goes in than out, or the other way: both are said, rather than the larger one alone.
    const both = into > 0 && out > 0 && into !== out;
    return both
      ? `${formatValue(into, 0, lang)} → ${formatValue(out, 0, lang)}`
      : formatValue(Math.max(into, out), 0, lang);
  };
  const label = (name: string): string => `${name}  ${through(name)}`;
  // Labels stand right of their nodes: beside the last ones there has to be room for the longest.
  const last = names.filter((name) => sum("from", name) === 0);
  const longest = Math.max(0, ...last.map((name) => lengthOf(label(name))));
  return {
    series: [
      {
        type: "sankey",
        left: px(1),
        right: px(0.9 + longest * LABEL),
        top: px(0.6),
        bottom: px(1),
        nodeWidth: px(0.7),
        nodeGap: px(0.9),
        layoutIterations: 16,
        silent: true,
        draggable: false,
        data: names.map((name, i) => ({ name, itemStyle: { color: seriesColor(i), borderWidth: 0 } })),
        links: drawn.map((flow) => ({ source: flow.from, target: flow.to, value: flow.value })),
        lineStyle: { color: "gradient", opacity: 0.28, curveness: 0.5 },
        label: {
          color: palette().ink,
          fontSize: px(LABEL),
          fontFamily: FONT.text,
          formatter: (params) => label(params.name),
        },
      },
    ],
  };
}
