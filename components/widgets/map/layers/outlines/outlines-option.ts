import type { Position } from "geojson";
import { districtOf, type CityFacts, type District, type Lang } from "@/lib/contract/city";
import type { Districts } from "../../layer";

function areaAndCentre(ring: Position[]): { area: number; x: number; y: number } {
  let area = 0;
  let x = 0;
  let y = 0;
  for (let i = 0; i + 1 < ring.length; i++) {
    const [ax = 0, ay = 0] = ring[i] ?? [];
    const [bx = 0, by = 0] = ring[i + 1] ?? [];
    const cross = ax * by - bx * ay;
    area += cross / 2;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  return { area: Math.abs(area), x: x / (6 * area), y: y / (6 * area) };
}

export interface Label {
  adcode: string;
  text: string;
  at: [number, number];
}

function shortName(district: District, lang: Lang): string {
  return lang === "zh" ? district.name.zh : district.short.en;
}

/** Where names stand: the centre of each district's largest polygon; at the seats where there is but one outline. */
export function labelPlaces(districts: Districts, city: CityFacts, lang: Lang): Label[] {
  if (districts.features.every((feature) => feature.properties.adcode === city.adcode))
    return city.districts.map((district) => ({
      adcode: district.adcode,
      text: shortName(district, lang),
      at: district.seat,
    }));
  return districts.features.map((feature) => {
    const largest = feature.geometry.coordinates
      .map((polygon) => areaAndCentre(polygon[0] ?? []))
      .reduce((best, next) => (next.area > best.area ? next : best));
    const district = districtOf(city, feature.properties.adcode);
    return {
      adcode: feature.properties.adcode,
      text: district ? shortName(district, lang) : feature.properties.name,
      at: [largest.x, largest.y],
    };
  });
}
