import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { citySchema, metricsSchema, type CityFacts } from "../contract/city";
import { indicatorsSchema, type Indicator } from "../contract/indicators";
import { faultsOf, layoutFaults, screenSchema, type Fault, type Screen } from "../contract/screens";
import { totalFaults } from "../contract/totals";
import { ID } from "../contract/topics";

/** Checks one tile's settings against its widget; injected, so that this file knows no widget. */
export type TileCheck = (widget: string, settings: unknown, city: CityFacts) => Fault[];

/** A configuration file that cannot be used. */
export class ConfigError extends Error {
  constructor(readonly file: string, readonly faults: Fault[]) {
    super(`${file}: ${faults.map((fault) => `${fault.field} ${fault.message}`).join("; ")}`);
  }
}

/** A city's files, checked. Maps are raw text: they are passed on as they are. */
export interface LoadedCity {
  facts: CityFacts;
  districts: string;
  roads: string | null;
  /** outlines of districts' parts by the district's adcode */
  parts: Map<string, string>;
}

async function readJson(file: string, name: string): Promise<unknown> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new ConfigError(name, [{ field: "(file)", message: "is missing or cannot be read" }]);
  });
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new ConfigError(name, [{ field: "(file)", message: `is not JSON: ${(error as Error).message}` }]);
  }
}

/** Names of the city folders under `root`, sorted. */
export async function cityNames(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory() && ID.test(entry.name)).map((entry) => entry.name).sort();
}

/** Reads city.json, metrics.json, districts.geojson and roads.geojson. @throws ConfigError */
export async function loadCity(root: string, name: string): Promise<LoadedCity> {
  const folder = path.join(root, name);
  const city = citySchema.safeParse(await readJson(path.join(folder, "city.json"), `${name}/city.json`));
  if (!city.success) throw new ConfigError(`${name}/city.json`, faultsOf(city.error));
  if (city.data.id !== name) throw new ConfigError(`${name}/city.json`, [{ field: "id", message: `must be the folder's name, ${name}` }]);
  const metrics = metricsSchema.safeParse(await readJson(path.join(folder, "metrics.json"), `${name}/metrics.json`));
  if (!metrics.success) throw new ConfigError(`${name}/metrics.json`, faultsOf(metrics.error));
  const facts: CityFacts = { ...city.data, metrics: metrics.data.metrics };
  const twice = codesTwice(facts);
  if (twice.length > 0) throw new ConfigError(`${name}/city.json`, twice);
  const faults = factFaults(facts);
  if (faults.length > 0) throw new ConfigError(`${name}/metrics.json`, faults);
  const districts = await readFile(path.join(folder, "districts.geojson"), "utf8").catch(() => {
    throw new ConfigError(`${name}/districts.geojson`, [{ field: "(file)", message: "is missing" }]);
  });
  const roads = await readFile(path.join(folder, "roads.geojson"), "utf8").catch(() => null);
  const parts = new Map<string, string>();
  for (const district of facts.districts.filter((d) => d.parts)) {
    const file = `parts/${district.adcode}.geojson`;
    parts.set(district.adcode, await readFile(path.join(folder, file), "utf8").catch(() => {
      throw new ConfigError(`${name}/${file}`, [{ field: "(file)", message: `is missing, but city.json has parts of ${district.adcode}` }]);
    }));
  }
  return { facts, districts, roads, parts };
}

/** Places that share a code: readings of one would be shown as the other's. */
function codesTwice(facts: CityFacts): Fault[] {
  const places = facts.districts.flatMap((district, i) => [
    { code: district.adcode, field: `districts[${i}].adcode` },
    ...(district.parts ?? []).map((part, k) => ({ code: part.adcode, field: `districts[${i}].parts[${k}].adcode` })),
  ]);
  const first = new Map<string, string>();
  return places.flatMap(({ code, field }) => {
    const taken = first.get(code);
    if (taken === undefined) first.set(code, field);
    return taken === undefined ? [] : [{ field, message: `"${code}" is that of ${taken} as well` }];
  });
}

function factFaults(facts: CityFacts): Fault[] {
  const faults: Fault[] = totalFaults(facts.metrics);
  const seen = new Set<string>();
  facts.metrics.forEach((metric, i) => {
    if (seen.has(metric.id)) faults.push({ field: `metrics[${i}].id`, message: `"${metric.id}" is used twice` });
    seen.add(metric.id);
    if (metric.era && !facts.eras[metric.era]) faults.push({ field: `metrics[${i}].era`, message: `"${metric.era}" is not in city.json eras` });
    if (!facts.systems[metric.system]) faults.push({ field: `metrics[${i}].system`, message: `"${metric.system}" is not in city.json systems` });
  });
  return faults;
}

/** Reads indicators.json; none where there is no such file. @throws ConfigError */
export async function loadIndicators(root: string): Promise<Indicator[]> {
  const file = path.join(root, "indicators.json");
  if (!(await stat(file).catch(() => null))) return [];
  const parsed = indicatorsSchema.safeParse(await readJson(file, "indicators.json"));
  if (!parsed.success) throw new ConfigError("indicators.json", faultsOf(parsed.error));
  const twice = parsed.data.indicators.findIndex((a, i) => parsed.data.indicators.findIndex((b) => b.id === a.id) < i);
  if (twice >= 0) throw new ConfigError("indicators.json", [{ field: `indicators[${twice}].id`, message: `"${parsed.data.indicators[twice]?.id}" is used twice` }]);
  return parsed.data.indicators;
}

/** Names of a city's screens (file names without `.json`), sorted. */
export async function screenNames(root: string, city: string): Promise<string[]> {
  const entries = await readdir(path.join(root, city, "screens")).catch(() => [] as string[]);
  return entries.filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -5)).filter((name) => ID.test(name)).sort();
}

/** Reads and checks one screen. @throws ConfigError that names every faulty field */
export async function loadScreen(root: string, city: CityFacts, name: string, checkTile: TileCheck): Promise<Screen> {
  const file = `${city.id}/screens/${name}.json`;
  const parsed = screenSchema.safeParse(await readJson(path.join(root, city.id, "screens", `${name}.json`), file));
  if (!parsed.success) throw new ConfigError(file, faultsOf(parsed.error));
  const faults = layoutFaults(parsed.data);
  if (parsed.data.zone && !city.zones?.some((zone) => zone.id === parsed.data.zone)) faults.push({ field: "zone", message: `"${parsed.data.zone}" is not one of city.json zones` });
  parsed.data.tiles.forEach((tile, i) => {
    for (const fault of checkTile(tile.widget, tile.settings, city)) faults.push({ field: `tiles[${i}].${fault.field}`, message: fault.message });
  });
  if (faults.length > 0) throw new ConfigError(file, faults);
  return parsed.data;
}

/**
 * Time and size of everything that makes up a city, for noticing a change. The time alone is not enough: it
 * moves in steps of milliseconds, and an editor truncates and writes within one.
 */
export async function fingerprint(root: string, city: string): Promise<Map<string, string>> {
  const times = new Map<string, string>();
  const parts = (await readdir(path.join(root, city, "parts")).catch(() => [] as string[])).map((file) => `parts/${file}`);
  const files = ["city.json", "metrics.json", "districts.geojson", "roads.geojson", ...parts, ...(await screenNames(root, city)).map((name) => `screens/${name}.json`)];
  await Promise.all(files.map(async (file) => {
    const info = await stat(path.join(root, city, file)).catch(() => null);
    if (info) times.set(file, `${info.mtimeMs} ${info.size}`);
  }));
  return times;
}
