import { interpolate, makeDrawn } from "../components/widgets/map/layers/vehicles/vehicles-option";
import { decodeFrame, encodeFrame, type PositionColumns } from "../lib/contract/frames";
import { emptyState, reduce } from "../lib/contract/reduce";
import { median, quantile, section, table } from "./kit";

const FRAMES = 120;
const TELLING = {
  interval: 2_000,
  limit: 15_000,
  height: 12,
  frames: { moving: [0, 0, 0.5, 1], standing: [0.5, 0, 1, 1] },
} as const;

/** Script time to take in and to draw `count` moving things: once an observation, and each frame. */
function once(count: number): { apply: number[]; interpolate: number[] } {
  const state = emptyState("positions");
  reduce(state, {
    kind: "positions",
    snapshot: true,
    epoch: 1,
    offset: 0,
    names: Array.from({ length: count }, (_, i) => [i, `v${i}`, ""] as [number, string, string]),
    slots: [],
    lon: [],
    lat: [],
    heading: [],
    speed: [],
    at: [],
  });
  const columns: PositionColumns = {
    slots: new Uint32Array(count),
    lon: new Float64Array(count),
    lat: new Float64Array(count),
    heading: new Float32Array(count),
    speed: new Float32Array(count),
    at: new Float64Array(count),
  };
  let drawn = makeDrawn(count, 12, [119, 34]);
  const times = { apply: [] as number[], interpolate: [] as number[] };
  const T0 = 1_700_000_000_000;
  for (let frame = 0; frame < FRAMES; frame++) {
    const now = T0 + frame * 2_000;
    for (let i = 0; i < count; i++) {
      columns.slots[i] = i;
      columns.lon[i] = 119 + i * 1e-5 + frame * 1e-4;
      columns.lat[i] = 34 + i * 1e-6;
      columns.heading[i] = (i + frame) % 360;
      columns.at[i] = now - (i % 500);
    }
    const bytes = encodeFrame({
      set: 1,
      seq: frame,
      now,
      sections: [{ kind: "positions", index: 0, advance: count, names: [], columns }],
    });
    const start = performance.now();
    const section = decodeFrame(bytes).sections[0];
    if (section?.kind === "positions")
      reduce(state, { kind: "positions", snapshot: false, epoch: 1, offset: frame, names: [], ...section.columns });
    const applied = performance.now();
    drawn = interpolate(state, { ...TELLING, now: now + 900 }, drawn);
    const done = performance.now();
    times.apply.push(applied - start);
    times.interpolate.push(done - applied);
  }
  return times;
}

/** Applying and interpolating positions. */
export function positions(): string {
  once(1_000);
  const rows = [10_000, 100_000].map((count) => {
    const { apply, interpolate: glide } = once(count);
    const both = apply.map((time, i) => time + (glide[i] as number)).slice(20);
    return [
      count.toLocaleString("en"),
      median(apply.slice(20)).toFixed(2),
      median(glide.slice(20)).toFixed(2),
      median(both).toFixed(2),
      quantile(both, 0.95).toFixed(2),
    ];
  });
  return section(
    "Positions",
    `
      Script time a frame: decode and apply a frame in which everything moved, then interpolate everything. Medians of
      ${FRAMES - 20} frames after 20 to warm up. Goals: 2 ms for 10,000 and 12 ms for 100,000.
    `,
    table(["things", "decode + apply, ms", "interpolate, ms", "both, ms", "both p95, ms"], rows),
  );
}
