import { chance } from "./random";

/** A place that has mock feeds: its districts and how much of what happens is theirs. */
export interface Place {
  /** the product's id of it */
  city: string;
  /** sets its noise apart from that of other places under one seed; the first place has 0 */
  salt: number;
  /** share of what happens by district, summing to 1: residents, more for urban ones */
  shares: Record<string, number>;
  /** seats of government, WGS-84: where people and things crowd */
  seats: Record<string, [number, number]>;
  /** shares of a district's subdivisions, each district's summing to 1 */
  subdivisions?: Record<string, Record<string, number>>;
  /** degrees around a seat within which things stand; 0.09 suits a district of a prefecture city */
  reach?: number;
}

/** Codes of a place's districts. */
export function districtsOf(place: Place): string[] {
  return Object.keys(place.shares);
}

/** The seed of a place's models under the run's seed. */
export function seedOf(place: Place, seed: number): number {
  return seed + place.salt * 1_000_003;
}

/** A district drawn by its share. */
export function drawDistrict(place: Place, draw: number): string {
  const districts = districtsOf(place);
  let left = draw;
  return (
    districts.find((district) => (left -= place.shares[district] ?? 0) <= 0) ?? districts[districts.length - 1] ?? ""
  );
}

/** A point near a district's seat; most lie close to it. */
export function pointNear(
  place: Place,
  district: string,
  seed: number,
  ...keys: (string | number)[]
): { lon: number; lat: number } {
  const [lon, lat] = place.seats[district] ?? [0, 0];
  const far = (place.reach ?? 0.09) * chance(seed, "far", ...keys) ** 1.5 + (place.reach ?? 0.09) * 0.09;
  const turn = 2 * Math.PI * chance(seed, "turn", ...keys);
  return {
    lon: Number((lon + Math.cos(turn) * far * 1.2).toFixed(5)),
    lat: Number((lat + Math.sin(turn) * far).toFixed(5)),
  };
}
