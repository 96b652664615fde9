import type { CityFacts } from "@/lib/contract/city";

/** Zones of the IANA's list whose places are in China. */
const CHINA =
  /^(Asia\/(Shanghai|Urumqi|Kashgar|Chongqing|Chungking|Harbin|Hong_Kong|Macau|Macao|Taipei)|PRC|Hongkong|ROC)$/;

/**
 * Whether a place's base map may show boundaries. In China a map that is shown needs a review (审图号), which looks at boundaries
 * first, and those of data from abroad are drawn by other rules: there only a place's own outlines are.
 */
export function mayShowBoundaries({ timeZone }: Pick<CityFacts, "timeZone">): boolean {
  return !CHINA.test(timeZone);
}
