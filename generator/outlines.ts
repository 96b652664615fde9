import gcoord from "gcoord";
import type { Position } from "geojson";
import clipping from "polygon-clipping";
import { areaOf, areaOfRing, repaired, united, type Findings, type OutlineIssue, type Rings } from "./rings";

/** One district's outline. */
export interface Outline {
  adcode: string;
  /** in the file: what an issue is told by */
  name: string;
  polygons: Rings[];
}

export interface PlacedOutline extends Outline {
  /** centre of its largest polygon, WGS-84 */
  centre: [number, number];
}

/** Decimals of a degree that are kept: about a metre. */
const DECIMALS = 5;
/** Part of the smaller district from which an overlap is an issue and not the imprecision of two hands. */
const OVERLAP_FAULT = 0.02;
const OVERLAP_TOLD = 0.0005;

/** Rounded WGS-84 outlines; GCJ-02, the shifted system of Chinese maps, is converted once. */
export function normalised<T extends Outline>(outlines: T[], crs: "wgs84" | "gcj02"): T[] {
  const move = ([lon = NaN, lat = NaN]: Position): Position => {
    const [x, y] =
      crs === "gcj02" ? gcoord.transform<[number, number]>([lon, lat], gcoord.GCJ02, gcoord.WGS84) : [lon, lat];
    return [Number(x.toFixed(DECIMALS)), Number(y.toFixed(DECIMALS))];
  };
  return outlines.map((outline) => ({
    ...outline,
    polygons: outline.polygons.map((rings) => rings.map((ring) => ring.map(move))),
  }));
}

/**
 * A point in the middle of a polygon: its centroid, or, where that lies outside a bent shape, the middle of its widest
 * stretch at that latitude.
 */
function middle(polygon: Rings): [number, number] {
  const [x, y] = centroid(polygon[0] ?? []);
  const cuts = polygon
    .flatMap((ring) =>
      ring.slice(0, -1).flatMap(([ax = 0, ay = 0], i) => {
        const [bx = 0, by = 0] = ring[i + 1] ?? [];
        return ay > y === by > y ? [] : [ax + ((y - ay) / (by - ay)) * (bx - ax)];
      }),
    )
    .sort((a, b) => a - b);
  const stretches = cuts.flatMap((from, i) => (i % 2 === 0 ? [[from, cuts[i + 1] ?? from] as const] : []));
  if (stretches.length === 0 || stretches.some(([from, to]) => from < x && x < to)) return [x, y];
  const [from, to] = stretches.reduce((best, stretch) =>
    stretch[1] - stretch[0] > best[1] - best[0] ? stretch : best,
  );
  return [Number(((from + to) / 2).toFixed(4)), y];
}

/** Centroid of a ring. */
function centroid(ring: Position[]): [number, number] {
  const [[ox = 0, oy = 0] = []] = ring;
  let [x, y] = [0, 0];
  for (let i = 0; i + 1 < ring.length; i++) {
    const [[ax = 0, ay = 0] = [], [bx = 0, by = 0] = []] = [ring[i], ring[i + 1]];
    const cross = (ax - ox) * (by - oy) - (bx - ox) * (ay - oy);
    x += (ax + bx - 2 * ox) * cross;
    y += (ay + by - 2 * oy) * cross;
  }
  const by = 6 * areaOfRing(ring);
  return [Number((ox + x / by).toFixed(4)), Number((oy + y / by).toFixed(4))];
}

/**
 * Features of one code made one outline: several features of one name are the parts of one district, islands say, and
 * are united; of two names it cannot be told which is meant.
 */
function merged<T extends Outline>(outlines: T[], { issues, warnings }: Findings): T[] {
  const kept = new Map<string, { at: number; outline: T }>();
  for (const [at, outline] of outlines.entries()) {
    const same = kept.get(outline.adcode);
    if (!same) {
      kept.set(outline.adcode, { at, outline });
    } else if (same.outline.name !== outline.name) {
      issues.push({
        field: `features[${at}].properties.adcode`,
        message:
          `"${outline.adcode}" is that of features[${same.at}] as well, which is ${same.outline.name} and not ` +
          `${outline.name}`,
      });
    } else {
      const union = united([...same.outline.polygons, ...outline.polygons]);
      if (union) kept.set(outline.adcode, { at: same.at, outline: { ...same.outline, polygons: union } });
      else
        issues.push({
          field: `features[${at}]`,
          message: `cannot be united with features[${same.at}], which is ${outline.adcode} (${outline.name}) as well`,
        });
      warnings.push(
        `features[${at}]: is ${outline.adcode} (${outline.name}) like features[${same.at}]; the two are one district`,
      );
    }
  }
  return [...kept.values()].map(({ outline }) => outline);
}

/** Outlines made ready, with what is wrong with them (rings, codes, overlaps) and what a person should look at. */
export function checkOutlines<T extends Outline>(
  outlines: T[],
): { outlines: (T & PlacedOutline)[]; issues: OutlineIssue[]; warnings: string[] } {
  const findings: Findings = { issues: [], warnings: [] };
  const repairs = outlines.map((outline, i) => ({
    ...outline,
    polygons: repaired(outline.polygons, `features[${i}] (${outline.name})`, findings),
  }));
  const whole = findings.issues.length === 0 ? merged(repairs, findings) : [];
  if (findings.issues.length === 0) overlaps(whole, findings);
  return {
    ...findings,
    outlines:
      findings.issues.length === 0
        ? whole.map((outline) => ({ ...outline, centre: middle(largest(outline.polygons)) }))
        : [],
  };
}

function largest(polygons: Rings[]): Rings {
  return polygons.reduce((best, polygon) => (areaOf([polygon]) > areaOf([best]) ? polygon : best), []);
}

/** West, south, east and north end of an outline. */
function extent({ polygons }: Outline): [number, number, number, number] {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon = 0, lat = 0] of polygons.flatMap(([outer = []]) => outer)) {
    box[0] = Math.min(box[0], lon);
    box[1] = Math.min(box[1], lat);
    box[2] = Math.max(box[2], lon);
    box[3] = Math.max(box[3], lat);
  }
  return box;
}

function overlaps(outlines: Outline[], { issues, warnings }: Findings): void {
  const placed = outlines.map((outline) => ({ ...outline, box: extent(outline) }));
  for (const [i, a] of placed.entries()) {
    for (const b of placed.slice(i + 1)) {
      if (a.box[0] >= b.box[2] || b.box[0] >= a.box[2] || a.box[1] >= b.box[3] || b.box[1] >= a.box[3]) continue;
      const shared = clipping.intersection(a.polygons as clipping.MultiPolygon, b.polygons as clipping.MultiPolygon);
      const part = areaOf(shared) / Math.min(areaOf(a.polygons), areaOf(b.polygons));
      if (part > OVERLAP_FAULT)
        issues.push({
          field: `${a.name} (${a.adcode})`,
          message: `overlaps ${b.name} by ${(part * 100).toFixed(1)} % of the smaller one`,
        });
      else if (part > OVERLAP_TOLD)
        warnings.push(`${a.name} and ${b.name} overlap by ${(part * 100).toFixed(2)} % of the smaller one`);
    }
  }
}
