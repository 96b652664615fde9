import { chance } from "../kit/random";
import { SEATS } from "../kit/seats";
import { DISTRICTS, SHARES } from "../kit/model";
import type { MockPosition } from "../kit/position";

/** Where the 126 kiosks stand; they do not move, and say that they are there. */
export function kiosks(seed: number, at: string): MockPosition[] {
  return DISTRICTS.flatMap((district) => {
    const [lon, lat] = SEATS[district] ?? [119.2, 34.6];
    return Array.from({ length: Math.round(126 * (SHARES[district] ?? 0)) }, (_, k) => {
      const far = 0.11 * chance(seed, "kiosk", district, k) ** 1.4;
      const turn = 2 * Math.PI * chance(seed, "kiosk turn", district, k);
      return { city: "lianyungang", layer: "kiosks", id: `kiosk-${district}-${k + 1}`, at, lon: Number((lon + Math.cos(turn) * far * 1.2).toFixed(5)), lat: Number((lat + Math.sin(turn) * far).toFixed(5)), heading: 0, speed: 0, label: `自助服务点${k + 1}` };
    });
  });
}
