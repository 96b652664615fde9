import type { District } from "@/lib/contract/city";

/**
 * Where each place's value lies between the lowest and the highest, 0 to 1; null where there is no value. Where all have the same it
 * is the middle, and the lowest where that is nothing: at night a count of nothing anywhere must not look like half of much.
 */
export function scaled(places: District[], valueOf: (adcode: string) => number | null): Map<string, number | null> {
  const values = places.map((district) => [district.adcode, valueOf(district.adcode)] as const);
  const known = values.map(([, value]) => value).filter((value): value is number => value !== null);
  const low = Math.min(...known);
  const range = Math.max(...known) - low;
  const alike = low === 0 ? 0 : 0.5;
  const partOf = (value: number): number => (range === 0 ? alike : (value - low) / range);
  return new Map(values.map(([adcode, value]) => [adcode, value === null ? null : partOf(value)]));
}
