import type { Lang } from "@/lib/contract/city";
import { isAlive } from "@/lib/contract/evaluation";
import type { CityReading } from "@/lib/live/read-metric";
import { readingText } from "@/components/ui/paint-value";
import { MARKS } from "@/components/ui/theme/type";

/** A figure as it stands beside a name, and whether it tells of the present. */
export interface FigureText {
  text: string;
  alive: boolean;
}

/**
 * What is written beside a name: nothing where there is no right to it, which the legend says once; a dash where nothing came, a cross
 * where it is bad, and dimmed what is past its limit.
 */
export function figureText(reading: CityReading, lang: Lang): FigureText | null {
  if (reading.withheld) return null;
  if (reading.quality === "bad") return { text: MARKS.bad, alive: false };
  return { text: readingText(reading, lang), alive: reading.value !== null && isAlive(reading.freshness) };
}
