import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { citySchema, metricsSchema, type CityFacts } from "../contract/city";
import { indicatorsSchema, type Indicator } from "../contract/indicators";
import { issuesOf, layoutIssues, screenSchema, type ValidationIssue, type Screen } from "../contract/screens";
import type { OwnThemes } from "../contract/theme";
import { ownThemesOf, themeFileSchema } from "../contract/theme-file";
import { totalIssues } from "../contract/totals";
import { ID } from "../contract/topics";

/** Checks one tile's settings against its widget; injected, so that this file knows no widget. */
export type TileCheck = (widget: string, settings: unknown, city: CityFacts) => ValidationIssue[];

/** A configuration file that cannot be used. */
export class ConfigError extends Error {
  constructor(
    readonly file: string,
    readonly issues: ValidationIssue[],
    /** nothing is known to be wrong with the file but that it cannot be read now: worth another try */
    readonly unreadable = false,
  ) {
    super(`${file}: ${issues.map((issue) => `${issue.field} ${issue.message}`).join("; ")}`);
  }
}

/** A city's files, checked. Maps are raw text: they are passed on as they are. */
export interface LoadedCity {
  facts: CityFacts;
  districts: string;
  roads: string | null;
  /** the land around the place and its neighbours, GeoJSON */
  surroundings: string | null;
  /** outlines of districts' subdivisions by the district's adcode */
  subdivisions: Map<string, string>;
}

/** @param why what is said where it cannot be read @throws ConfigError that is worth another try */
async function readText(file: string, name: string, why = "is missing or cannot be read"): Promise<string> {
  return readFile(file, "utf8").catch(() => {
    throw new ConfigError(name, [{ field: "(file)", message: why }], true);
  });
}

async function readJson(file: string, name: string): Promise<unknown> {
  const text = await readText(file, name);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new ConfigError(name, [{ field: "(file)", message: `is not JSON: ${(error as Error).message}` }]);
  }
}

/**
 * Settings under the name they had before (`parts`, now `subdivisions`): a site's own files are still read after an
 * update. What is no list of objects is left to the schema to refuse.
 */
function withPresentNames(list: unknown): unknown {
  if (!Array.isArray(list)) return list;
  return list.map((item: unknown) => {
    if (typeof item !== "object" || item === null || !("parts" in item) || "subdivisions" in item) return item;
    const { parts, ...rest } = item;
    return { ...rest, subdivisions: parts };
  });
}

/** @param list the key whose entries may carry earlier names */
function presentForm(raw: unknown, list: string): unknown {
  if (typeof raw !== "object" || raw === null || !(list in raw)) return raw;
  return { ...raw, [list]: withPresentNames((raw as Record<string, unknown>)[list]) };
}

/** A screen whose maps may carry earlier names; a ring's `parts` are its own. */
function presentScreen(raw: unknown): unknown {
  const tiles = (raw as { tiles?: unknown } | null)?.tiles;
  if (!Array.isArray(tiles)) return raw;
  const renamed = tiles.map((tile: unknown) => {
    const { widget, settings } = (tile ?? {}) as { widget?: unknown; settings?: unknown };
    return widget === "map" ? { ...(tile as object), settings: (withPresentNames([settings]) as unknown[])[0] } : tile;
  });
  return { ...(raw as object), tiles: renamed };
}

/** A file's text, or null where there is no such file. @throws ConfigError where it is not known */
async function readOptional(file: string, name: string): Promise<string | null> {
  return (await exists(file)) ? readText(file, name) : null;
}

function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== "ENOENT",
  );
}

/** Outlines of a district's subdivisions, or under the folder's earlier name. @throws ConfigError */
async function readSubdivisions(folder: string, name: string, adcode: string): Promise<string> {
  const file = (under: string): string => path.join(folder, under, `${adcode}.geojson`);
  const under = (await exists(file("subdivisions"))) || !(await exists(file("parts"))) ? "subdivisions" : "parts";
  return readText(
    file(under),
    `${name}/${under}/${adcode}.geojson`,
    `is missing or cannot be read, but city.json has subdivisions of ${adcode}`,
  );
}

/** Names of the city folders under `root`, sorted. */
export async function cityNames(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && ID.test(entry.name))
    .map((entry) => entry.name)
    .sort();
}

/** Reads city.json, metrics.json, districts.geojson and, where they are, roads.geojson and surroundings.geojson. @throws ConfigError */
export async function loadCity(root: string, name: string): Promise<LoadedCity> {
  const folder = path.join(root, name);
  const city = citySchema.safeParse(
    presentForm(await readJson(path.join(folder, "city.json"), `${name}/city.json`), "districts"),
  );
  if (!city.success) throw new ConfigError(`${name}/city.json`, issuesOf(city.error));
  if (city.data.id !== name)
    throw new ConfigError(`${name}/city.json`, [{ field: "id", message: `must be the folder's name, ${name}` }]);
  const metrics = metricsSchema.safeParse(
    presentForm(await readJson(path.join(folder, "metrics.json"), `${name}/metrics.json`), "metrics"),
  );
  if (!metrics.success) throw new ConfigError(`${name}/metrics.json`, issuesOf(metrics.error));
  const facts: CityFacts = { ...city.data, metrics: metrics.data.metrics };
  const twice = codesTwice(facts);
  if (twice.length > 0) throw new ConfigError(`${name}/city.json`, twice);
  const issues = factIssues(facts);
  if (issues.length > 0) throw new ConfigError(`${name}/metrics.json`, issues);
  const districts = await readText(path.join(folder, "districts.geojson"), `${name}/districts.geojson`);
  const roads = await readOptional(path.join(folder, "roads.geojson"), `${name}/roads.geojson`);
  const surroundings = await readOptional(path.join(folder, "surroundings.geojson"), `${name}/surroundings.geojson`);
  const subdivisions = new Map<string, string>();
  for (const { adcode } of facts.districts.filter((d) => d.subdivisions))
    subdivisions.set(adcode, await readSubdivisions(folder, name, adcode));
  return { facts, districts, roads, surroundings, subdivisions };
}

/** Reads theme.json; undefined where there is no such file. @throws ConfigError */
export async function loadThemes(root: string, name: string): Promise<OwnThemes | undefined> {
  const file = path.join(root, name, "theme.json");
  if (!(await exists(file))) return undefined;
  const parsed = themeFileSchema.safeParse(await readJson(file, `${name}/theme.json`));
  if (!parsed.success) throw new ConfigError(`${name}/theme.json`, issuesOf(parsed.error));
  return ownThemesOf(parsed.data);
}

/** Places that share a code: readings of one would be shown as the other's. */
function codesTwice(facts: CityFacts): ValidationIssue[] {
  const places = facts.districts.flatMap((district, i) => [
    { code: district.adcode, field: `districts[${i}].adcode` },
    ...(district.subdivisions ?? []).map((part, k) => ({
      code: part.adcode,
      field: `districts[${i}].subdivisions[${k}].adcode`,
    })),
  ]);
  const first = new Map<string, string>();
  return places.flatMap(({ code, field }) => {
    const taken = first.get(code);
    if (taken === undefined) first.set(code, field);
    return taken === undefined ? [] : [{ field, message: `"${code}" is that of ${taken} as well` }];
  });
}

function factIssues(facts: CityFacts): ValidationIssue[] {
  const issues: ValidationIssue[] = totalIssues(facts.metrics);
  const seen = new Set<string>();
  facts.metrics.forEach((metric, i) => {
    if (seen.has(metric.id)) issues.push({ field: `metrics[${i}].id`, message: `"${metric.id}" is used twice` });
    seen.add(metric.id);
    if (metric.era && !facts.eras[metric.era])
      issues.push({ field: `metrics[${i}].era`, message: `"${metric.era}" is not in city.json eras` });
    if (!facts.systems[metric.system])
      issues.push({ field: `metrics[${i}].system`, message: `"${metric.system}" is not in city.json systems` });
  });
  return issues;
}

/** Reads indicators.json; none where there is no such file. @throws ConfigError */
export async function loadIndicators(root: string): Promise<Indicator[]> {
  const file = path.join(root, "indicators.json");
  if (!(await exists(file))) return [];
  const parsed = indicatorsSchema.safeParse(await readJson(file, "indicators.json"));
  if (!parsed.success) throw new ConfigError("indicators.json", issuesOf(parsed.error));
  const twice = parsed.data.indicators.findIndex((a, i) => parsed.data.indicators.findIndex((b) => b.id === a.id) < i);
  if (twice >= 0)
    throw new ConfigError("indicators.json", [
      { field: `indicators[${twice}].id`, message: `"${parsed.data.indicators[twice]?.id}" is used twice` },
    ]);
  return parsed.data.indicators;
}

/** Names of a city's screens (file names without `.json`), sorted. */
export async function screenNames(root: string, city: string): Promise<string[]> {
  const entries = await readdir(path.join(root, city, "screens")).catch(() => [] as string[]);
  return entries
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -5))
    .filter((name) => ID.test(name))
    .sort();
}

/** Reads and checks one screen. @throws ConfigError that names every faulty field */
export async function loadScreen(root: string, city: CityFacts, name: string, checkTile: TileCheck): Promise<Screen> {
  const file = `${city.id}/screens/${name}.json`;
  const parsed = screenSchema.safeParse(
    presentScreen(await readJson(path.join(root, city.id, "screens", `${name}.json`), file)),
  );
  if (!parsed.success) throw new ConfigError(file, issuesOf(parsed.error));
  const issues = layoutIssues(parsed.data);
  if (parsed.data.zone && !city.zones?.some((zone) => zone.id === parsed.data.zone))
    issues.push({ field: "zone", message: `"${parsed.data.zone}" is not one of city.json zones` });
  parsed.data.tiles.forEach((tile, i) => {
    for (const issue of checkTile(tile.widget, tile.settings, city))
      issues.push({ field: `tiles[${i}].${issue.field}`, message: issue.message });
  });
  if (issues.length > 0) throw new ConfigError(file, issues);
  return parsed.data;
}

/**
 * Time and size of everything that makes up a city, for noticing a change. The time alone is not enough: it
 * moves in steps of milliseconds, and an editor truncates and writes within one.
 */
export async function fingerprint(root: string, city: string): Promise<Map<string, string>> {
  const times = new Map<string, string>();
  const subdivisions = (await readdir(path.join(root, city, "subdivisions")).catch(() => [] as string[])).map(
    (file) => `subdivisions/${file}`,
  );
  const files = [
    "city.json",
    "metrics.json",
    "districts.geojson",
    "roads.geojson",
    "surroundings.geojson",
    "theme.json",
    ...subdivisions,
    ...(await screenNames(root, city)).map((name) => `screens/${name}.json`),
  ];
  await Promise.all(
    files.map(async (file) => {
      const info = await stat(path.join(root, city, file)).catch(() => null);
      if (info) times.set(file, `${info.mtimeMs} ${info.size}`);
    }),
  );
  return times;
}
