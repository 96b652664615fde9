import path from "node:path";
import { Command } from "commander";
import { now } from "../lib/clock";
import { Catalogue } from "../lib/cities/catalogue";
import { checkTile } from "../components/widgets/check-tile";
import { parseRfc3339 } from "../lib/contract/readings";
import { ANY_FEED, Tokens } from "../lib/gateway/tokens";
import { publish } from "./publish";
import { replay } from "./replay";
import { start } from "./start";

const data = (): string => process.env.CITYWALL_DATA ?? "./data";
const cities = (): string => process.env.CITYWALL_CITIES ?? "./cities";

/** The `citywall` command. */
export async function main(argv: string[]): Promise<void> {
  const program = new Command("citywall").description("The live wall display of a city operations center");

  program.command("start").description("gateway, pages and mock feeds")
    .option("--no-mocks", "without the mock feeds")
    .action((options: { mocks: boolean }) => start({ dev: false, mocks: options.mocks }));
  program.command("dev").description("the same, with pages rebuilt as files change")
    .option("--no-mocks", "without the mock feeds")
    .action((options: { mocks: boolean }) => start({ dev: true, mocks: options.mocks }));

  const token = program.command("token").description("publishers' tokens");
  token.command("create").description("print a new token; it is shown once and kept only as a hash")
    .requiredOption("--city <city>").requiredOption("--feed <feed>", `a system of the city, or ${ANY_FEED} for all`)
    .action(async ({ city, feed }: { city: string; feed: string }) => createToken(city, feed));
  token.command("revoke").description("forget a feed's tokens").requiredOption("--city <city>").requiredOption("--feed <feed>")
    .action(async ({ city, feed }: { city: string; feed: string }) => {
      const count = await new Tokens(data()).revoke(city, feed);
      console.log(`${count} token(s) of ${city}/${feed} revoked`);
    });

  const city = program.command("city").description("places");
  city.command("create").description("make a city's folder from its outlines, with metrics and screens to begin with; see docs/add-a-city.md")
    .requiredOption("--id <id>", "folder and address, such as yancheng").requiredOption("--name <name>", "its name, Chinese or as it is written there").option("--en <en>", "English name (from pinyin when left out)")
    .option("--adcode <code>", "code of the place, such as 320900 (GB/T 2260), 06037 or GB-LND; made from the id with --codes own")
    .requiredOption("--outlines <file>", "GeoJSON FeatureCollection: a Polygon or MultiPolygon a district, with a code and a name").requiredOption("--crs <crs>", "what its coordinates are in: wgs84 or gcj02")
    .option("--codes <codes>", "file: the districts' codes are in the file; own: make them from the names", "file").option("--code-property <name>", "the property with the code (adcode, code, GEOID)")
    .option("--name-property <name>", "the property with the name (name, NAME)").option("--name-en-property <name>", "the property with the English name (name_en, NAME_EN, name:en, NAME, name)")
    .option("--time-zone <zone>", "IANA name (Asia/Shanghai for places in China)").option("--force", "write over what is there", false)
    .action(async (options: CreateOptions) => createCityCommand(options));
  city.command("schemas").description("put this version's schemas, which $schema refers to, into the folder of cities").action(async () => {
    const { copySchemas } = await import("./city-create");
    const copied = await copySchemas(cities());
    console.log(copied.length > 0 ? `✓ ${cities()}: ${copied.join(", ")}` : `${cities()} is where they come from: nothing to do`);
  });

  program.command("drill").description("play a drill of the mock feeds, such as school enrolment's opening second in Zhengzhou; begins five minutes later")
    .argument("[system]", "city/system", "zhengzhou/enrolment").option("--stop", "end it", false)
    .action(async (system: string, { stop }: { stop: boolean }) => (await import("./drill")).drill(data(), system, stop));

  program.command("check").description("check every city, screen and setting").action(check);
  program.command("publish").description("publish one reading, or NDJSON readings from standard input")
    .option("--city <city>").option("--district <district>").option("--metric <metric>").option("--value <value>").option("--at <time>", "observed, RFC 3339 (now)")
    .option("--url <url>", "gateway", `http://127.0.0.1:${process.env.PORT ?? 3000}`)
    .requiredOption("--token <token>", "publisher's token", process.env.CITYWALL_TOKEN)
    .action(publish);
  program.command("seed").description("fill the store with the mock feeds' past, so that the analyst's pages are not empty on day one")
    .option("--days <days>", "how many", "90").option("--step <seconds>", "between two readings of a series", "60").option("--until <time>", "end of the past that is filled, RFC 3339 (now)").option("--seed <number>", "of the models", process.env.CITYWALL_MOCK_SEED ?? "1")
    .action(async (options: { days: string; step: string; seed: string; until?: string }) => (await import("./seed")).seed({
      days: positive(options.days, "--days"), step: positive(options.step, "--step"), seed: Number(options.seed), data: path.resolve(data()), cities: path.resolve(cities()), until: options.until === undefined ? now() : time(options.until, "--until"), only: process.env.CITYWALL_MOCK_CITIES?.split(","),
    }));

  // The engines are loaded by the commands that open them: `start` and `token` need none.
  const db = program.command("db").description("the store of the past, while Citywall is not running");
  const place = () => ({ data: path.resolve(data()), databaseUrl: process.env.DATABASE_URL });
  db.command("migrate").description("bring the tables to this version").action(async () => (await import("./db")).dbMigrate(place()));
  db.command("verify").description("check every rollup against its readings").action(async () => {
    if ((await (await import("./db")).dbVerify(place())) > 0) process.exitCode = 1;
  });
  db.command("compact").description("give back the room of what was deleted").action(async () => (await import("./db")).dbCompact(place()));
  db.command("export").description("readings to a file").requiredOption("--from <time>").option("--to <time>", "RFC 3339", new Date(now()).toISOString())
    .option("--topic <topic...>", "these only").option("--format <format>", "parquet or csv", "parquet").requiredOption("--out <file>")
    .action(async (options: { from: string; to: string; topic?: string[]; format: string; out: string }) => {
      if (options.format !== "parquet" && options.format !== "csv") fail(`--format: "${options.format}" is not parquet or csv`);
      return (await import("./db")).dbExport(place(), { from: time(options.from, "--from"), to: time(options.to, "--to"), topics: options.topic ?? [], format: options.format, out: path.resolve(options.out) });
    });

  program.command("replay").description("publish recorded readings (NDJSON, oldest first; - for standard input) at their own pace, as if observed now")
    .argument("<file>").option("--speed <times>", "how much faster than recorded", "1")
    .option("--url <url>", "gateway", `http://127.0.0.1:${process.env.PORT ?? 3000}`)
    .requiredOption("--token <token>", "publisher's token", process.env.CITYWALL_TOKEN)
    .action(replay);

  await program.parseAsync(argv);
}

interface CreateOptions {
  id: string;
  adcode?: string;
  name: string;
  en?: string;
  outlines: string;
  crs: string;
  codes: string;
  codeProperty?: string;
  nameProperty?: string;
  nameEnProperty?: string;
  timeZone?: string;
  force: boolean;
}

async function createCityCommand({ crs, codes, codeProperty, nameProperty, nameEnProperty, ...options }: CreateOptions): Promise<void> {
  if (crs !== "wgs84" && crs !== "gcj02") fail(`--crs: "${crs}" is not wgs84 or gcj02; maps made in China are mostly gcj02`);
  if (codes !== "file" && codes !== "own") fail(`--codes: "${codes}" is not file or own`);
  const { createCity } = await import("./city-create");
  const { CityError } = await import("./outlines-file");
  try {
    const made = await createCity({ ...options, crs, properties: { codes, code: codeProperty, name: nameProperty, nameEn: nameEnProperty }, cities: cities() });
    for (const warning of made.warnings) console.warn(`! ${warning}`);
    console.log(`✓ ${made.folder}: ${made.districts} districts, ${made.screens.length} screens\n\nLook over city.json (names, seats, systems), then: npx citywall check`);
  } catch (error) {
    if (error instanceof CityError) fail(error.message);
    throw error;
  }
}

async function createToken(city: string, feed: string): Promise<void> {
  const catalogue = new Catalogue(cities(), checkTile);
  await catalogue.look();
  const facts = catalogue.city(city)?.facts;
  if (!facts) fail(`--city: "${city}" is not configured; there is ${catalogue.cities().map((c) => c.id).join(", ") || "none"}`);
  if (feed !== ANY_FEED && !facts.systems[feed]) fail(`--feed: "${feed}" is not a system of ${city}; there is ${Object.keys(facts.systems).join(", ")}`);
  console.log(await new Tokens(data()).create(city, feed, new Date(now()).toISOString()));
}

async function check(): Promise<void> {
  const catalogue = new Catalogue(cities(), checkTile);
  await catalogue.look();
  let faults = 0;
  for (const [, error] of catalogue.broken) {
    faults++;
    console.error(`✗ ${error}`);
  }
  for (const city of catalogue.cities()) {
    const screens = catalogue.screens(city.id);
    console.log(`✓ ${city.id}: ${city.districts.length} districts, ${city.metrics.length} metrics, ${screens.size} screens`);
    for (const entry of screens.values()) {
      if (!entry.error) continue;
      faults++;
      console.error(`✗ ${entry.error}`);
    }
  }
  if (faults > 0) process.exitCode = 1;
}

function positive(text: string, field: string): number {
  const value = Number(text);
  return value > 0 ? value : fail(`${field}: must be a number above 0, is "${text}"`);
}

function time(text: string, field: string): number {
  const at = parseRfc3339(text);
  return Number.isFinite(at) ? at : fail(`${field}: "${text}" is not an RFC 3339 time with a zone, such as 2026-11-22T08:00:00+08:00`);
}

function fail(message: string): never {
  console.error(`citywall: ${message}`);
  process.exit(64);
}
