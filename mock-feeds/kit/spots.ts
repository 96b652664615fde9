import { districtsOf, pointNear, type Place } from "./place";
import type { MockPosition } from "./position";

/**
 * Things that stand still, spread over the districts by share: kiosks, car parks, hospitals. They say that they are
 * there.
 */
export function spots(
  place: Place,
  layer: string,
  count: number,
  label: string,
  seed: number,
  at: string,
): MockPosition[] {
  return districtsOf(place).flatMap((district) =>
    Array.from({ length: Math.round(count * (place.shares[district] ?? 0)) }, (_, k) => ({
      city: place.city,
      layer,
      id: `${layer}-${district}-${k + 1}`,
      at,
      ...pointNear(place, district, seed, layer, district, k),
      heading: 0,
      speed: 0,
      label: `${label}${k + 1}`,
    })),
  );
}
