import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { checkTile } from "../components/widgets/check-tile";
import { Catalogue } from "../lib/cities/catalogue";
import { screenNames } from "../lib/cities/load";
import { metricOf, type CityFacts } from "../lib/contract/city";
import { loadHistoryConfig } from "../lib/history/config";
import { OWN_CITIES } from "./city-create";

/** What a look at a folder of cities found. */
export interface CheckReport {
  good: string[];
  /** works, and should be looked at */
  warnings: string[];
  /** does not work: files and fields by name */
  issues: string[];
}

/** Checks every city, screen and setting of a folder, and that what its files refer to is there. */
export async function checkCities(cities: string): Promise<CheckReport> {
  const report: CheckReport = { good: [], warnings: [], issues: [] };
  if (!(await stat(cities).catch(() => null))?.isDirectory())
    return {
      ...report,
      issues: [`${cities}: is no folder; npx citywall city create makes it, CITYWALL_CITIES names another`],
    };
  const catalogue = new Catalogue(cities, checkTile);
  await catalogue.look();
  report.issues.push(...catalogue.broken.values());
  if (catalogue.indicatorsError) report.issues.push(catalogue.indicatorsError);
  await loadHistoryConfig(cities).catch((error: Error) => report.issues.push(error.message));
  if (catalogue.cities().length === 0) report.warnings.push(`${cities}: there is no city in it that can be shown`);
  for (const city of catalogue.cities()) {
    const screens = catalogue.screens(city.id);
    report.good.push(
      `${city.id}: ${city.districts.length} districts, ${city.metrics.length} metrics, ${screens.size} screens`,
    );
    for (const { error } of screens.values()) if (error) report.issues.push(error);
    report.issues.push(
      ...(await mapIssues(cities, city)),
      ...indicatorFaults(city, catalogue),
      ...heartbeatFaults(city),
    );
  }
  await checkSchemas(cities, report);
  return report;
}

/** Metrics that name an indicator which is not in indicators.json: they would be compared with nothing. */
function indicatorFaults(city: CityFacts, { indicators, indicatorsError }: Catalogue): string[] {
  if (indicatorsError) return [];
  const known = new Set(indicators.map(({ id }) => id));
  const lost = city.metrics.flatMap(({ indicator }, i) =>
    indicator !== undefined && !known.has(indicator)
      ? [`metrics[${i}].indicator "${indicator}" is not in indicators.json`]
      : [],
  );
  if (lost.length === 0) return [];
  const why =
    known.size === 0 ? " (the file is missing beside the cities; npx citywall city schemas puts one there)" : "";
  return [`${city.id}/metrics.json: ${lost.join("; ")}${why}`];
}

function heartbeatFaults(city: CityFacts): string[] {
  const issues: string[] = [];
  if (city.events && !metricOf(city, city.events.heartbeat))
    issues.push(
      `${city.id}/city.json: events.heartbeat "${city.events.heartbeat}" is not a metric: nobody could tell a ` +
        "quiet night from a dead feed",
    );
  if (city.events && !city.systems[city.events.system])
    issues.push(`${city.id}/city.json: events.system "${city.events.system}" is not in systems`);
  return issues;
}

/** Outlines that are no JSON, lack a district or have one that city.json does not. */
async function mapIssues(cities: string, city: CityFacts): Promise<string[]> {
  const maps = [
    { file: "districts.geojson", codes: city.outlined ? city.districts.map(({ adcode }) => adcode) : [city.adcode] },
    ...city.districts.flatMap(({ adcode, subdivisions }) =>
      subdivisions ? [{ file: `subdivisions/${adcode}.geojson`, codes: subdivisions.map((one) => one.adcode) }] : [],
    ),
  ];
  const issues = await Promise.all(
    maps.map(async ({ file, codes }) => {
      let features: { properties?: { adcode?: unknown } }[];
      try {
        features = (
          JSON.parse(await readFile(path.join(cities, city.id, file), "utf8")) as { features: typeof features }
        ).features;
        if (!Array.isArray(features)) throw new Error("has no list of features");
      } catch (error) {
        return [`${city.id}/${file}: (file) ${(error as Error).message}`];
      }
      const drawn = new Set(features.map((feature) => feature.properties?.adcode));
      return [
        ...codes.filter((code) => !drawn.has(code)).map((code) => `${city.id}/${file}: has no outline of ${code}`),
        ...features.flatMap((feature, i) =>
          codes.some((code) => code === feature.properties?.adcode)
            ? []
            : [
                `${city.id}/${file}: features[${i}].properties.adcode "${String(feature.properties?.adcode)}" ` +
                  "is not in city.json",
              ],
        ),
      ];
    }),
  );
  return issues.flat();
}

/**
 * Files whose `$schema` leads nowhere (editors neither complete nor check them), or to the schema of another version.
 */
async function checkSchemas(cities: string, { issues, warnings }: CheckReport): Promise<void> {
  const folders = (await readdir(cities, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  const inside = await Promise.all(
    folders.map(async (id) =>
      ["city.json", "metrics.json", ...(await screenNames(cities, id)).map((name) => `screens/${name}.json`)].map(
        (name) => `${id}/${name}`,
      ),
    ),
  );
  const old = new Set<string>();
  for (const file of ["indicators.json", "history.json", ...inside.flat()]) {
    const schema = await schemaOf(path.join(cities, file));
    if (schema === null || /^https?:/.test(schema)) continue;
    const target = path.resolve(cities, path.dirname(file), schema);
    const text = await readFile(target, "utf8").catch(() => null);
    if (text === null)
      issues.push(
        `${file}: $schema leads to ${schema}, which is not there; npx citywall city schemas puts this version's ` +
          "beside the cities",
      );
    else if (text !== (await readFile(path.join(OWN_CITIES, path.basename(target)), "utf8").catch(() => text)))
      old.add(path.relative(cities, target));
  }
  for (const name of old)
    warnings.push(`${name}: is the schema of another version; npx citywall city schemas puts this version's there`);
}

/** The file's `$schema`; null where it has none, or is no JSON (told elsewhere). */
async function schemaOf(file: string): Promise<string | null> {
  try {
    const { $schema } = JSON.parse(await readFile(file, "utf8")) as { $schema?: unknown };
    return typeof $schema === "string" ? $schema : null;
  } catch {
    return null;
  }
}
