import type { CityFacts } from "@/lib/contract/city";

export interface Arc {
  /** whence and where to, by their codes */
  id: string;
  from: [number, number];
  to: [number, number];
  value: number;
  /** 0 to 1 against the largest */
  weight: number;
}

/** Metric of the flow to a place: its code stands for `{to}`, in lower case as metrics' ids are. */
export function flowMetric(pattern: string, to: string): string {
  return pattern.replace("{to}", to.toLowerCase());
}

/**
 * The largest flows between districts, largest last so that it is drawn on top.
 * @param valueOf what counts of a flow: null, where nothing does, is no flow and draws none
 */
export function arcsOf(city: CityFacts, top: number, valueOf: (from: string, to: string) => number | null): Arc[] {
  const arcs = city.districts.flatMap((from) =>
    city.districts
      .filter((to) => to !== from)
      .map((to) => ({
        id: `${from.adcode}>${to.adcode}`,
        from: from.seat,
        to: to.seat,
        value: valueOf(from.adcode, to.adcode) ?? 0,
        weight: 0,
      })),
  );
  const largest = arcs
    .filter((arc) => arc.value > 0)
    .sort((a, b) => b.value - a.value)
    .slice(0, top);
  const most = largest[0]?.value ?? 1;
  return largest.map((arc) => ({ ...arc, weight: arc.value / most })).reverse();
}
