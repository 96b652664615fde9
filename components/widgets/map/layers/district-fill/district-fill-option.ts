import type { District } from "@/lib/contract/city";

/** Where each place's value lies between the lowest and the highest, 0 to 1; null where there is no value. */
export function scaled(places: District[], valueOf: (adcode: string) => number | null): Map<string, number | null> {
  const values = places.map((district) => [district.adcode, valueOf(district.adcode)] as const);
  const known = values.map(([, value]) => value).filter((value): value is number => value !== null);
  const low = Math.min(...known);
  const range = Math.max(...known) - low;
  return new Map(
    values.map(([adcode, value]) => [adcode, value === null ? null : range === 0 ? 0.5 : (value - low) / range]),
  );
}
