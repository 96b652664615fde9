import type { EChartsOption } from "echarts";
import { SERIES } from "@/components/ui/theme";

export interface Part {
  name: string;
  value: number;
}

/** Share of each part in %, one decimal; zeros when there is nothing. */
export function shares(parts: Part[]): number[] {
  const sum = parts.reduce((all, part) => all + Math.max(0, part.value), 0);
  return parts.map((part) => (sum === 0 ? 0 : Math.round((Math.max(0, part.value) / sum) * 1000) / 10));
}

/** The ring alone; names and shares stand beside it in the page. */
export function ringOption(parts: Part[]): EChartsOption {
  return {
    series: [{
      type: "pie", radius: ["66%", "92%"], center: ["50%", "50%"], silent: true, label: { show: false }, labelLine: { show: false }, padAngle: 1.5,
      itemStyle: { borderRadius: 3 }, minAngle: 2,
      data: parts.map((part, i) => ({ name: part.name, value: Math.max(0, part.value), itemStyle: { color: SERIES[i % SERIES.length] } })),
    }],
  };
}
