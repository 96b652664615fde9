import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Kind } from "./oracle";

/** The city that is published to: a metric of each kind, by city and by district. */
export const CITY = "model";
export const METRICS: Record<string, Kind> = { online: "gauge", cases: "day", people: "total" };
const DISTRICT = "110101";

const topic = (district: string, metric: string): string => `reading/${CITY}/${district}/${metric}`;
export const TOPICS = [
  topic("all", "online"),
  topic("all", "cases"),
  topic("all", "people"),
  topic(DISTRICT, "online"),
];
/** A topic that exists and that nobody publishes to. */
export const SILENT = topic(DISTRICT, "cases");

const text = (en: string): { zh: string; en: string } => ({ zh: en, en });

/** Writes the city's folder under `root`. */
export async function writeCity(root: string, timeZone: string): Promise<void> {
  const folder = path.join(root, CITY);
  await mkdir(path.join(folder, "screens"), { recursive: true });
  const name = text("Model");
  const city = {
    id: CITY,
    name,
    center: name,
    adcode: "110100",
    timeZone,
    bounds: [
      [116, 39],
      [117, 40],
    ],
    districts: [{ adcode: DISTRICT, name: text("District"), short: text("District"), seat: [116.5, 39.5] }],
    systems: { feed: { name: text("Feed"), owner: text("Office") } },
    mapNotice: text("none"),
  };
  const metrics = Object.entries(METRICS).map(([id, kind]) => ({
    id,
    name: text(id),
    unit: text(""),
    kind,
    decimals: 2,
    interval: 60,
    limit: 120,
    districts: true,
    system: "feed",
  }));
  await writeFile(path.join(folder, "city.json"), JSON.stringify(city));
  await writeFile(path.join(folder, "metrics.json"), JSON.stringify({ metrics }));
  await writeFile(path.join(folder, "districts.geojson"), JSON.stringify({ type: "FeatureCollection", features: [] }));
}
