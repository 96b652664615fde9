/**
 * The part of the earth that public/images/china.svg shows, degrees in WGS-84, and its size. Made by `npm run china`, which draws the
 * islands of the South China Sea in the box of their own that maps of China have.
 */
export const CHINA = { west: 73, east: 135.5, south: 17.8, north: 53.8, width: 1_000, height: 720 } as const;

/** Where a place stands on the picture, in its units from its left and top; null of one that lies outside of it. */
export function onChina([lon, lat]: readonly [number, number]): { x: number; y: number } | null {
  const { west, east, south, north, width, height } = CHINA;
  if (lon < west || lon > east || lat < south || lat > north) return null;
  return { x: ((lon - west) / (east - west)) * width, y: ((north - lat) / (north - south)) * height };
}

/** A place on the picture, and where its name stands: on which side of it and at which height, in the picture's units. */
export interface Labelled<P> {
  place: P;
  x: number;
  y: number;
  side: "left" | "right";
  labelY: number;
}

/** Units that a name is high, and wide at the most. */
const LABEL = { height: 30, width: 280 };

/** Where the picture has the islands of the South China Sea, from its left and top. */
const SEA = { x: 845, y: 575 };

interface Spot {
  x: number;
  y: number;
}

/** Whether a name to the right of `spot` would lie over another place. */
function isBeside(spot: Spot, other: Spot): boolean {
  const ahead = other.x - spot.x;
  return ahead > 0 && ahead < LABEL.width && Math.abs(other.y - spot.y) < LABEL.height;
}

/** Whether a name to the right of `spot` would lie over the box of the islands. */
const isBesideSea = ({ x, y }: Spot): boolean => x + LABEL.width > SEA.x && y + LABEL.height > SEA.y;

/**
 * Where names stand: to the right of their places, or to the left where another place lies in the way, each as near to its place as
 * the names above it leave room for, so that none lies over another. Places outside of the picture are left out.
 */
export function labelled<P>(places: readonly P[], at: (place: P) => readonly [number, number]): Labelled<P>[] {
  const shown = places
    .flatMap((place) => {
      const spot = onChina(at(place));
      return spot ? [{ place, ...spot }] : [];
    })
    .sort((a, b) => a.y - b.y);
  const done: Labelled<P>[] = [];
  for (const spot of shown) {
    const isTaken = isBesideSea(spot) || shown.some((other) => isBeside(spot, other));
    const side = isTaken && spot.x > LABEL.width ? "left" : "right";
    const from = (one: { x: number; side: string }): number => (one.side === "left" ? one.x - LABEL.width : one.x);
    const above = done
      .filter((other) => Math.abs(from(other) - from({ ...spot, side })) < LABEL.width)
      .map((other) => other.labelY + LABEL.height);
    done.push({ ...spot, side, labelY: Math.max(spot.y, ...above) });
  }
  return done;
}
