import type { Position } from "geojson";
import clipping from "polygon-clipping";

/** A polygon's rings, the outer one first. */
export type Rings = Position[][];

/** What is wrong with an outline, by its place in the file. */
export interface OutlineIssue {
  field: string;
  message: string;
}

/** What one look at an outline found: issues refuse it, warnings are told. */
export interface Findings {
  issues: OutlineIssue[];
  warnings: string[];
}

/** A repair may change a shape's area by this part of it; more, and nobody can say which of two shapes was meant. */
const REPAIR_TOLERANCE = 0.01;
/** Difference of areas that is arithmetic and no repair. */
const ROUNDING = 1e-6;

/** Signed area of a ring in square degrees; positive counterclockwise. */
export function areaOfRing(ring: Position[]): number {
  const [[ox = 0, oy = 0] = []] = ring;
  let sum = 0;
  for (let i = 0; i + 1 < ring.length; i++) {
    const [[ax = 0, ay = 0] = [], [bx = 0, by = 0] = []] = [ring[i], ring[i + 1]];
    sum += (ax - ox) * (by - oy) - (bx - ox) * (ay - oy);
  }
  return sum / 2;
}

/** Area of polygons in square degrees, holes left out. */
export function areaOf(polygons: Rings[]): number {
  return polygons.reduce(
    (sum, [outer = [], ...holes]) =>
      sum + Math.abs(areaOfRing(outer)) - holes.reduce((all, hole) => all + Math.abs(areaOfRing(hole)), 0),
    0,
  );
}

function same(a: Position | undefined, b: Position | undefined): boolean {
  return a?.[0] === b?.[0] && a?.[1] === b?.[1];
}

function crosses(
  [ax = 0, ay = 0]: Position,
  [bx = 0, by = 0]: Position,
  [cx = 0, cy = 0]: Position,
  [dx = 0, dy = 0]: Position,
): boolean {
  const side = (px: number, py: number, qx: number, qy: number, rx: number, ry: number): number =>
    Math.sign((qx - px) * (ry - py) - (qy - py) * (rx - px));
  return (
    side(ax, ay, bx, by, cx, cy) * side(ax, ay, bx, by, dx, dy) < 0 &&
    side(cx, cy, dx, dy, ax, ay) * side(cx, cy, dx, dy, bx, by) < 0
  );
}

/**
 * First segment of a ring that crosses another one of it; -1 where none does. Segments are met in order of their west
 * end.
 */
export function selfCrossing(ring: Position[]): number {
  const segments = ring
    .slice(0, -1)
    .map((from, i) => {
      const to = ring[i + 1] ?? from;
      return { i, from, to, west: Math.min(from[0] ?? 0, to[0] ?? 0), east: Math.max(from[0] ?? 0, to[0] ?? 0) };
    })
    .sort((a, b) => a.west - b.west);
  let first = -1;
  for (let a = 0; a < segments.length; a++) {
    const one = segments[a];
    for (let b = a + 1; one && b < segments.length; b++) {
      const other = segments[b];
      if (!other || other.west > one.east) break;
      if (!crosses(one.from, one.to, other.from, other.to)) continue;
      const i = Math.min(one.i, other.i);
      if (first < 0 || i < first) first = i;
    }
  }
  return first;
}

/** First corner of a closed ring that it comes back to before its end; -1 where it meets none twice. */
function selfTouching(ring: Position[]): number {
  const met = new Set<string>();
  return ring.slice(0, -1).findIndex((point) => {
    const key = point.join();
    const again = met.has(key);
    met.add(key);
    return again;
  });
}

/** The ring without spikes: corners from which it goes straight back to where it came from. */
function withoutSpikes(ring: Position[]): Position[] {
  let points = ring.slice(0, -1);
  for (let before = -1; before !== points.length && points.length > 2;) {
    before = points.length;
    const count = points.length;
    const spike = points.findIndex((_, i) => same(points[(i + count - 1) % count], points[(i + 1) % count]));
    // The corner goes, and one of the two equal ones beside it.
    if (spike >= 0) points = points.filter((_, i) => i !== spike && i !== (spike + 1) % count);
  }
  const [first] = points;
  return first ? [...points, first] : [];
}

/**
 * One ring closed, without repeated points and spikes. Empty when nothing of a shape is left, or an issue was found.
 */
function tidied(ring: Position[], field: string, { issues, warnings }: Findings): Position[] {
  const bad = ring.findIndex(([lon, lat]) => !(Math.abs(lon ?? NaN) <= 180 && Math.abs(lat ?? NaN) <= 90));
  if (bad >= 0) {
    issues.push({ field: `${field}[${bad}]`, message: `${JSON.stringify(ring[bad])} is not a longitude and latitude` });
    return [];
  }
  const points = ring.filter((point, i) => i === 0 || !same(point, ring[i - 1]));
  if (points.length > 0 && !same(points[0], points[points.length - 1])) {
    points.push(points[0] ?? []);
    warnings.push(`${field}: was open and has been closed`);
  }
  const smooth = withoutSpikes(points);
  if (smooth.length >= 4 && smooth.length < points.length)
    warnings.push(`${field}: went out and straight back at a corner; the spike is left out`);
  return smooth.length >= 4 ? smooth : [];
}

/** Rings turned the way RFC 7946 wants: outer ones counterclockwise, holes clockwise. */
function turned(polygon: Rings): Rings {
  return polygon.map((ring, i) => (areaOfRing(ring) > 0 === (i === 0) ? ring : [...ring].reverse()));
}

/** Union of polygons; null where the arithmetic fails on them. */
export function united(polygons: Rings[]): Rings[] | null {
  try {
    const [first = [], ...others] = polygons as clipping.Polygon[];
    return clipping.union(first, ...others).map(turned);
  } catch {
    return null;
  }
}

/** A crossing or touching ring taken apart into rings that do neither; the issue is by the corner. */
function untangled(polygon: Rings, field: string, findings: Findings): Rings[] {
  const troubled = polygon.findIndex((ring) => selfCrossing(ring) >= 0 || selfTouching(ring) >= 0);
  const meant = areaOf([polygon]);
  if (troubled < 0 && polygon.length === 1) return [turned(polygon)];
  const clean = united([polygon]);
  const change = clean ? Math.abs(areaOf(clean) - meant) / Math.abs(meant) : Infinity;
  if (troubled < 0) {
    if (clean && change <= ROUNDING) return [turned(polygon)];
    if (clean && change <= REPAIR_TOLERANCE)
      findings.warnings.push(`${field}: its holes left it or overlapped; they were cut to fit`);
    else findings.issues.push({ field, message: "has holes that leave it or overlap" });
    return clean ?? [];
  }
  const ring = polygon[troubled] ?? [];
  const crossing = selfCrossing(ring);
  const where = `${field} ring ${troubled}[${crossing >= 0 ? crossing : selfTouching(ring)}]`;
  if (!clean || !(change <= REPAIR_TOLERANCE)) {
    findings.issues.push({
      field: where,
      message: crossing >= 0 ? "the ring crosses itself here" : "the ring meets itself here",
    });
    return [];
  }
  const what = crossing >= 0 ? "the ring crossed itself here" : "the ring met itself here";
  findings.warnings.push(
    `${where}: ${what}; taken apart${change > ROUNDING ? `, the area changed by ${(change * 100).toFixed(2)} %` : ""}`,
  );
  return clean;
}

/**
 * Polygons of one outline, repaired where that leaves no doubt about their shape: repeated points, open rings, spikes,
 * wrong direction, rings that cross or touch themselves while their area stays the same within 1 %. The rest are
 * issues, by polygon, ring and corner.
 */
export function repaired(polygons: Rings[], field: string, findings: Findings): Rings[] {
  const ready = polygons.flatMap((polygon, p) => {
    const where = `${field} polygon ${p}`;
    const issuesBefore = findings.issues.length;
    const [outer = [], ...holes] = polygon.map((ring, r) => tidied(ring, `${where} ring ${r}`, findings));
    if (findings.issues.length > issuesBefore) return [];
    if (outer.length === 0) {
      if (polygons.length === 1)
        findings.issues.push({ field: `${where} ring 0`, message: "has fewer than three corners" });
      else findings.warnings.push(`${where}: has fewer than three corners a metre apart; left out`);
      return [];
    }
    return untangled([outer, ...holes.filter((hole) => hole.length > 0)], where, findings);
  });
  if (ready.length === 0 && findings.issues.length === 0)
    findings.issues.push({ field, message: "nothing of its outline is left" });
  return ready;
}
