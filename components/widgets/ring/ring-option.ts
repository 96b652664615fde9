import type { EChartsOption } from "echarts";
import { addUp } from "@/lib/contract/evaluation";
import type { DataColor } from "@/lib/contract/theme";
import { seriesColor } from "@/components/ui/theme";

export interface Part {
  name: string;
  /** null where it does not count */
  value: number | null;
  /** the one it has for good; its place's where it is left out */
  color?: DataColor | undefined;
}

/** Share of each part in % of those that count, one decimal; null of one that does not, zeros when there is nothing. */
export function shares(parts: Part[]): (number | null)[] {
  const sum = addUp(parts.map(({ value }) => value && Math.max(0, value))).sum ?? 0;
  return parts.map(({ value }) => {
    if (value === null) return null;
    return sum === 0 ? 0 : Math.round((Math.max(0, value) / sum) * 1000) / 10;
  });
}

/** What a ring tells: its parts, that there is nothing of any of them, or that none of them is known. */
export function ringTold(parts: Part[]): "parts" | "none" | "unknown" {
  const counted = parts.filter(({ value }) => value !== null);
  if (counted.length === 0) return "unknown";
  return counted.some(({ value }) => (value ?? 0) > 0) ? "parts" : "none";
}

/** The ring alone, of the parts that are there: of nothing there is no slice; names and shares stand beside it in the page. */
export function ringOption(parts: Part[]): EChartsOption {
  return {
    series: [
      {
        type: "pie",
        radius: ["66%", "92%"],
        center: ["50%", "50%"],
        silent: true,
        label: { show: false },
        labelLine: { show: false },
        padAngle: 1.5,
        itemStyle: { borderRadius: 3 },
        minAngle: 2,
        stillShowZeroSum: false,
        data: parts.flatMap(({ name, value, color }, i) =>
          value === null || value <= 0 ? [] : [{ name, value, itemStyle: { color: seriesColor(i, color) } }],
        ),
      },
    ],
  };
}
