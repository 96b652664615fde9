import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

/**
 * The value of metric `m` (from 1) at `at`: the first six, shown as figures, tell when they were made, so that their
 * way to the screen can be timed; the others swing over their whole range with some noise, as the gauges and lines of a
 * city do.
 */
export function benchValue(m: number, at: number): number {
  if (m <= 6) return at % 10_000_000;
  return Math.round(5_000_000 + 3_500_000 * Math.sin(at / 9_000 + m) + 1_000_000 * Math.sin(at * 0.7 + m * 3));
}

/** Writes a made-up city with `count` metrics m1.. and a screen of 24 widgets: 6 figures, 6 gauges, 12 lines. */
export async function writeBenchCity(root: string, count: number): Promise<void> {
  const folder = path.join(root, "bench");
  await mkdir(path.join(folder, "screens"), { recursive: true });
  const text = (s: string): object => ({ zh: s, en: s });
  await writeFile(
    path.join(folder, "city.json"),
    JSON.stringify({
      id: "bench",
      name: text("Bench"),
      center: text("Bench"),
      adcode: "000000",
      timeZone: "Asia/Shanghai",
      bounds: [
        [0, 0],
        [1, 1],
      ],
      mapNotice: text("-"),
      districts: [{ adcode: "000001", name: text("One"), short: text("One"), seat: [0.5, 0.5], population: 1 }],
      systems: { bench: { name: text("Bench"), owner: text("Bench") } },
    }),
  );
  const metrics = Array.from({ length: count }, (_, i) => ({
    id: `m${i + 1}`,
    name: text(`Metric ${i + 1}`),
    unit: text("x"),
    kind: "gauge",
    interval: 1,
    limit: 10,
    system: "bench",
  }));
  await writeFile(path.join(folder, "metrics.json"), JSON.stringify({ metrics }));
  await writeFile(path.join(folder, "districts.geojson"), JSON.stringify({ type: "FeatureCollection", features: [] }));
  const tile = (i: number): object => {
    const box = { x: (i % 6) * 4, y: Math.floor(i / 6) * 3, w: 4, h: 3 };
    const metric = `m${i + 1}`;
    if (i < 6) return { id: metric, widget: "figure", box, settings: { metric, spark: false, trend: false } };
    if (i < 12) return { id: metric, widget: "gauge", box, settings: { metric, min: 0, max: 10_000_000 } };
    return { id: metric, widget: "line", box, settings: { series: [{ metric }], span: 300 } };
  };
  await writeFile(
    path.join(folder, "screens/wall.json"),
    JSON.stringify({ title: text("Bench"), tiles: Array.from({ length: 24 }, (_, i) => tile(i)) }),
  );
}
