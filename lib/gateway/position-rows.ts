import type { PositionsState } from "../contract/reduce";
import { slicesAsWritten } from "./pieces";

/** Slots that are written at once. */
const SLICE = 256;

type Rows = { names: [number, string, string][]; rows: number[] };

/** Columns from one slot up to another, flattened to rows of six: slot, lon, lat, heading, speed, at. */
export function rowsOf(state: Things, from = 0, to = state.size): Rows {
  const names: [number, string, string][] = [];
  const rows: number[] = [];
  for (let slot = from; slot < to; slot++) {
    const id = state.ids[slot];
    if (!id) continue;
    names.push([slot, id, state.labels[slot] ?? ""]);
    rows.push(
      slot,
      state.lon[slot] as number,
      state.lat[slot] as number,
      Math.round(state.heading[slot] as number),
      Math.round(state.speed[slot] as number),
      state.at[slot] as number,
    );
  }
  return { names, rows };
}

type Things = Pick<PositionsState, "size" | "ids" | "labels" | "lon" | "lat" | "heading" | "speed" | "at">;

function* slicesOf<T>(things: Things, pick: (rows: Rows) => T): Generator<T> {
  for (let from = 0; from < things.size; from += SLICE)
    yield pick(rowsOf(things, from, Math.min(from + SLICE, things.size)));
}

/** The same as the layer stands now, whatever comes while it is written. */
export function laterRowsOf({ size, ids, labels, lon, lat, heading, speed, at }: PositionsState): Rows {
  const things: Things = {
    size,
    ids: ids.slice(0, size),
    labels: labels.slice(0, size),
    lon: lon.slice(0, size),
    lat: lat.slice(0, size),
    heading: heading.slice(0, size),
    speed: speed.slice(0, size),
    at: at.slice(0, size),
  };
  return {
    names: slicesAsWritten(slicesOf(things, ({ names }) => names)),
    rows: slicesAsWritten(slicesOf(things, ({ rows }) => rows)),
  };
}
