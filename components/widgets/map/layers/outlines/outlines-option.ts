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
  text: string;
  at: [number, number];
}

/** Metres of a degree of latitude. */
const DEGREE = 111_320;
/** Rounds in which names push each other apart; they settle in a few. */
const ROUNDS = 24;

interface Placed {
  label: Label;
  x: number;
  y: number;
  home: number;
  w: number;
}

/** Moves two names that stand on each other half the way each, no farther than a line from home. True when it had to. */
function pushApart(a: Placed, b: Placed, height: number): boolean {
  const over = height - Math.abs(a.y - b.y);
  if (over <= 1e-6 || Math.abs(a.x - b.x) >= (a.w + b.w) / 2) return false;
  const [upper, lower] = a.y >= b.y ? [a, b] : [b, a];
  upper.y = Math.min(upper.home + height, upper.y + over / 2);
  lower.y = Math.max(lower.home - height, lower.y - over / 2);
  return true;
}

/**
 * Names moved up or down until none stands on another, as far as a line's height each. @param size of a name's type in pixels
 */
export function spread(labels: Label[], metresPerPixel: number, size: number): Label[] {
  const squeeze = Math.cos(((labels[0]?.at[1] ?? 0) * Math.PI) / 180);
  const placed: Placed[] = labels.map((label) => ({
    label,
    x: (label.at[0] * DEGREE * squeeze) / metresPerPixel,
    y: (label.at[1] * DEGREE) / metresPerPixel,
    home: (label.at[1] * DEGREE) / metresPerPixel,
    w: [...label.text].reduce((width, letter) => width + (letter > "\u2e7f" ? 1 : 0.55), 0) * size,
  }));
  const height = size * 1.15;
  for (let round = 0, moved = true; moved && round < ROUNDS; round++) {
    moved = placed.flatMap((a, i) => placed.slice(i + 1).filter((b) => pushApart(a, b, height))).length > 0;
  }
  return placed.map(({ label, y, home }) =>
    y === home ? label : { text: label.text, at: [label.at[0], (y * metresPerPixel) / DEGREE] },
  );
}

function shortName(district: District, lang: Lang): string {
  return lang === "zh" ? district.name.zh : district.short.en;
}

/** Where names stand: the centre of each district's largest polygon; at the seats where there is but one outline. */
export function labelPlaces(districts: Districts, city: CityFacts, lang: Lang): Label[] {
  if (districts.features.every((feature) => feature.properties.adcode === city.adcode))
    return city.districts.map((district) => ({
      text: shortName(district, lang),
      at: district.seat,
    }));
  return districts.features.map((feature) => {
    const largest = feature.geometry.coordinates
      .map((polygon) => areaAndCentre(polygon[0] ?? []))
      .reduce((best, next) => (next.area > best.area ? next : best));
    const district = districtOf(city, feature.properties.adcode);
    return {
      text: district ? shortName(district, lang) : feature.properties.name,
      at: [largest.x, largest.y],
    };
  });
}
