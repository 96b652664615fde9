import { mkdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { checkTile } from "../components/widgets/check-tile";
import { widgetOf, widgets } from "../components/widgets/index";
import { cityNames, ConfigError, loadCity, loadScreen } from "../lib/cities/load";
import { districtOf, metricOf, metricSchema, type CityFacts, type Metric } from "../lib/contract/city";
import { boxSchema, issuesOf, layoutIssues, type Box, type Screen, type Tile } from "../lib/contract/screens";
import { ID } from "../lib/contract/topics";
import type { WidgetDefinition } from "../lib/contract/widget";
import { appended, replaceFile } from "./json-text";
import { CityError } from "./outlines-file";
import { largestRoom, leastOf, roomFor, withWide } from "./screen-room";

export interface ScreenAddOptions {
  cities: string;
  city: string;
  screen: string;
  metrics: string[];
  /** a type of widget; `into` names a tile instead that takes the metrics as well */
  widget?: string | undefined;
  into?: string | undefined;
  district: string;
  /**
   * `auto`: where there is room for the widget; `fill`: the largest free rectangle; or "x,y,w,h" in cells of the grid
   */
  box: string;
  title?: { zh: string; en: string } | undefined;
  /** more settings of the widget, as JSON */
  settings?: string | undefined;
  /** title of the screen where it is a new one; undefined adds to one that is there */
  fresh?: { zh: string; en: string } | undefined;
}

/** A city's facts. @throws CityError naming the argument */
async function cityFacts(cities: string, city: string): Promise<CityFacts> {
  const names = await cityNames(cities).catch((): string[] => []);
  if (!names.includes(city))
    throw new CityError("city", `"${city}" is not configured; there is ${names.join(", ") || "none"}`);
  try {
    return (await loadCity(cities, city)).facts;
  } catch (error) {
    if (error instanceof ConfigError) throw new CityError("city", `is faulty as it is: ${error.message}`);
    throw error;
  }
}

/** The settings by which widgets name one metric or several, in the order they are looked for. */
const LISTS = ["items", "series", "parts", "metrics"] as const;

function settingsFor(definition: WidgetDefinition, { metrics, district }: ScreenAddOptions): Record<string, unknown> {
  const sample = definition.sample as Record<string, unknown>;
  const where = district === "all" ? {} : { district };
  if ("metric" in sample) {
    if (metrics.length > 1) throw new CityError("--metric", `a ${definition.type} shows one metric`);
    return { metric: metrics[0], ...where };
  }
  const list = LISTS.find((name) => Array.isArray(sample[name]));
  if (list === "metrics") return { metrics };
  if (list) return { [list]: metrics.map((metric) => ({ metric, ...where })) };
  const able = Object.values(widgets)
    .filter(({ definition: { sample: other } }) => ["metric", ...LISTS].some((name) => name in (other as object)))
    .map(({ definition: { type } }) => type);
  throw new CityError(
    "--widget",
    `a ${definition.type} is not made from a metric alone; those that are: ${able.join(", ")}`,
  );
}

function parseSettings(text: string | undefined): Record<string, unknown> {
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // told below, like a list or a number
  }
  throw new CityError("--settings", 'must be a JSON object, such as {"span": 21600}');
}

function parseBox(text: string): Box {
  const [x, y, w, h, ...rest] = text.split(",").map(Number);
  const parsed = boxSchema.safeParse({ x, y, w, h });
  if (!parsed.success || rest.length > 0)
    throw new CityError("--box", `"${text}" is not auto, fill or x,y,w,h in cells, such as 18,8,6,2`);
  return parsed.data;
}

/** Where the tile goes. @throws CityError that says what is in the way, or how much room there is */
function placeOf(
  screen: Screen,
  definition: WidgetDefinition,
  { box, screen: name }: ScreenAddOptions,
): Pick<Tile, "box" | "wide"> {
  if (box === "auto") {
    const room = roomFor(screen, definition.size);
    if (room) return room;
    const [least, largest] = [leastOf(definition.size), largestRoom(screen)];
    const left = largest
      ? `the largest free place is ${largest.w} x ${largest.h} at ${largest.x},${largest.y}`
      : "every cell is taken";
    throw new CityError(
      "--box",
      `${name} has no room for a ${definition.type} of ${least.w} x ${least.h}: ${left}. Put the metric into a ` +
        "tile that takes several (--into), or onto a new screen (--new)",
    );
  }
  const asked = box === "fill" ? largestRoom(screen) : parseBox(box);
  if (!asked) throw new CityError("--box", `${name} has no room: every cell is taken`);
  const issues = layoutIssues({
    ...screen,
    tiles: [...screen.tiles, { id: "(new)", widget: definition.type, box: asked, settings: {} }],
  });
  const issue = issues.find(({ field }) => field.endsWith(".box"));
  if (issue)
    throw new CityError(
      "--box",
      issue.message.replace(/tiles\[(\d+)\]/, (_, i: string) => `"${screen.tiles[Number(i)]?.id}"`),
    );
  const room = withWide(screen, asked, definition.size);
  if (!room)
    throw new CityError(
      "--box",
      `the wide form of ${name} (${screen.wideGrid.columns} x ${screen.wideGrid.rows}) has no room for it`,
    );
  return room;
}

function freeId(screen: Screen | null, wanted: string): string {
  const taken = new Set(screen?.tiles.map(({ id }) => id));
  for (let i = 1; ; i++) {
    const id = i === 1 ? wanted : `${wanted.slice(0, 56)}-${i}`;
    if (!taken.has(id)) return id;
  }
}

function checkAsked(facts: CityFacts, { metrics, district }: ScreenAddOptions): void {
  for (const metric of metrics)
    if (!metricOf(facts, metric))
      throw new CityError("--metric", `"${metric}" is not a metric of ${facts.id}; npx citywall metric add makes one`);
  if (district !== "all" && !districtOf(facts, district))
    throw new CityError("--district", `"${district}" is not a district of ${facts.id}`);
}

/** A tile for the metrics, checked against its widget and the city. */
function tileFor(facts: CityFacts, screen: Screen, options: ScreenAddOptions): Tile {
  const type = options.widget ?? "figure";
  const definition = widgetOf(type)?.definition;
  if (!definition) throw new CityError("--widget", `"${type}" is not one of ${Object.keys(widgets).join(", ")}`);
  const settings = { ...settingsFor(definition, options), ...parseSettings(options.settings) };
  const [issue] = checkTile(type, settings, facts);
  if (issue) throw new CityError(issue.field, issue.message);
  const title = options.title ? { title: options.title } : {};
  return {
    id: freeId(screen.tiles.length > 0 ? screen : null, options.metrics[0] ?? type),
    widget: type,
    ...title,
    ...placeOf(screen, definition, options),
    settings,
  };
}

async function readScreen(
  file: string,
  facts: CityFacts,
  options: ScreenAddOptions,
): Promise<{ text: string; screen: Screen }> {
  const there = await stat(file).then(
    () => true,
    () => false,
  );
  if (!there) throw new CityError("screen", `${facts.id} has no screen "${options.screen}"; --new "Title" makes it`);
  try {
    return {
      text: await readFile(file, "utf8"),
      screen: await loadScreen(options.cities, facts, options.screen, checkTile),
    };
  } catch (error) {
    if (error instanceof ConfigError) throw new CityError("screen", `is faulty as it is: ${error.message}`);
    throw error;
  }
}

/** Writes a new text of a screen unless it would be refused; what was there is put back then. */
async function keepScreen(
  file: string,
  before: string,
  after: string,
  facts: CityFacts,
  options: ScreenAddOptions,
): Promise<void> {
  const raw = JSON.parse(after) as { tiles: { widget: string; settings?: unknown }[] };
  const issues = raw.tiles.flatMap(({ widget, settings }, i) =>
    checkTile(widget, settings ?? {}, facts).map(({ field, message }) => `tiles[${i}].${field} ${message}`),
  );
  if (issues.length > 0) throw new CityError(options.screen, issues.join("; "));
  if (before !== after) await replaceFile(file, after);
}

async function addInto(file: string, facts: CityFacts, into: string, options: ScreenAddOptions): Promise<string> {
  const { text, screen } = await readScreen(file, facts, options);
  const index = screen.tiles.findIndex(({ id }) => id === into);
  const tile = screen.tiles[index];
  if (!tile)
    throw new CityError(
      "--into",
      `"${into}" is not a tile of ${options.screen}; there is ${screen.tiles.map(({ id }) => id).join(", ")}`,
    );
  const list = LISTS.find((name) => Array.isArray(tile.settings[name]));
  if (!list) throw new CityError("--into", `"${into}" is a ${tile.widget}, which takes no more metrics`);
  const where = options.district === "all" ? {} : { district: options.district };
  const after = options.metrics.reduce(
    (all, metric) =>
      appended(all, ["tiles", index, "settings", list], list === "metrics" ? metric : { metric, ...where }),
    text,
  );
  await keepScreen(file, text, after, facts, options);
  return `${facts.id}/${options.screen}: ${options.metrics.join(", ")} in "${into}"`;
}

/**
 * Puts metrics on a screen: as a tile of their own where there is room, or into one that shows several. The rest of the
 * file stays as it is written, and running walls follow within two seconds.
 * @returns what was done
 * @throws CityError naming the option
 */
export async function addToScreen(options: ScreenAddOptions): Promise<string> {
  const facts = await cityFacts(options.cities, options.city);
  checkAsked(facts, options);
  if (!ID.test(options.screen))
    throw new CityError("screen", `"${options.screen}" must be lower case letters, digits and dashes`);
  const file = path.join(options.cities, facts.id, "screens", `${options.screen}.json`);
  if (options.into !== undefined) return addInto(file, facts, options.into, options);
  const fresh = options.fresh;
  if (
    fresh &&
    (await stat(file).then(
      () => true,
      () => false,
    ))
  )
    throw new CityError("--new", `${facts.id} has a screen "${options.screen}" already`);
  const { text, screen } = fresh ? { text: "", screen: emptyScreen(fresh) } : await readScreen(file, facts, options);
  const tile = tileFor(facts, screen, options);
  if (fresh) {
    await mkdir(path.dirname(file), { recursive: true });
    await replaceFile(
      file,
      `${JSON.stringify({ $schema: "../../screen.schema.json", title: fresh, tiles: [tile] }, null, 2)}\n`,
    );
  } else {
    await keepScreen(file, text, appended(text, ["tiles"], tile), facts, options);
  }
  const { x, y, w, h } = tile.box;
  return `${facts.id}/${options.screen}: ${options.metrics.join(", ")} as ${tile.widget} at ${x},${y} (${w} x ${h})`;
}

function emptyScreen(title: { zh: string; en: string }): Screen {
  return { title, order: 100, grid: { columns: 24, rows: 12 }, wideGrid: { columns: 48, rows: 12 }, tiles: [] };
}

/** Adds a metric to a city's metrics.json. @returns what was done @throws CityError naming the option */
export async function addMetric(cities: string, city: string, metric: Partial<Metric>): Promise<string> {
  const facts = await cityFacts(cities, city);
  const parsed = metricSchema.safeParse(metric);
  if (!parsed.success)
    throw new CityError(
      "metric",
      issuesOf(parsed.error)
        .map(({ field, message }) => `${field} ${message}`)
        .join("; "),
    );
  if (metricOf(facts, parsed.data.id)) throw new CityError("--id", `${city} has a metric "${parsed.data.id}" already`);
  if (!facts.systems[parsed.data.system])
    throw new CityError(
      "--system",
      `"${parsed.data.system}" is not a system of ${city}; there is ${Object.keys(facts.systems).join(", ")}`,
    );
  const file = path.join(cities, city, "metrics.json");
  await replaceFile(file, appended(await readFile(file, "utf8"), ["metrics"], metric));
  return `${city}: metric ${parsed.data.id}`;
}
