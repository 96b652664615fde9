import type { District } from "@/lib/contract/city";

/** Where a place stands among all. */
export interface Rank {
  /** from 1, the highest value; places of one value share the better one */
  place: number;
  /** how many have a value that counts */
  of: number;
}

/** The rank of a place by a value, the highest first; null where it has none that counts. */
export function rankOf(
  places: readonly Pick<District, "adcode">[],
  valueOf: (adcode: string) => number | null,
  adcode: string,
): Rank | null {
  const own = valueOf(adcode);
  if (own === null) return null;
  const values = places.flatMap((place) => valueOf(place.adcode) ?? []);
  return { place: 1 + values.filter((value) => value > own).length, of: values.length };
}
