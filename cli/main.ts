import path from "node:path";
import { Command } from "commander";
import { now } from "../lib/clock";
import { parseRfc3339 } from "../lib/contract/readings";
import { ANY_FEED, Tokens } from "../lib/gateway/tokens";
import { ConfigurationError, EX_CONFIG, readEnvironment, type Environment } from "../server/environment";
import type { PublishOptions } from "./publish";
import type { ReplayOptions } from "./replay";

/** The environment, read by the command that needs it. A value that is not valid ends the command by its name. */
function environment(): Environment {
  try {
    return readEnvironment(process.env);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    console.error(`citywall: ${error.message}`);
    process.exit(EX_CONFIG);
  }
}

/** As given, for messages: relative to where the command runs. */
const relative = (folder: string): string => {
  const short = path.relative(process.cwd(), folder);
  return short === "" || short.startsWith("..") ? folder : short;
};
const data = (): string => environment().CITYWALL_DATA;
const cities = (): string => relative(environment().CITYWALL_CITIES);
const gateway = (): string => `http://127.0.0.1:${environment().PORT}`;

/** The publisher's token: as an option, or from the environment. */
function publisherToken(given: string | undefined): string {
  return given ?? environment().CITYWALL_TOKEN ?? fail("--token: is missing; CITYWALL_TOKEN can hold it as well");
}

/** The `citywall` command. Each part is loaded by the command that needs it: widgets and mock feeds take longer to read than most commands take. */
export async function main(argv: string[]): Promise<void> {
  const program = new Command("citywall").description("The live wall display of a city operations center");

  program
    .command("start")
    .description("gateway, pages and mock feeds")
    .option("--no-mocks", "without the mock feeds")
    .option("--no-pages", "without the pages: gateway, store and feeds alone")
    .action(async (options: { mocks: boolean; pages: boolean }) =>
      (await import("../server/start")).start({ dev: false, ...options }),
    );
  program
    .command("dev")
    .description("the same, with pages rebuilt as files change")
    .option("--no-mocks", "without the mock feeds")
    .option("--no-pages", "without the pages: gateway, store and feeds alone")
    .action(async (options: { mocks: boolean; pages: boolean }) =>
      (await import("../server/start")).start({ dev: true, ...options }),
    );

  const token = program.command("token").description("publishers' tokens");
  token
    .command("create")
    .description("print a new token; it is shown once and kept only as a hash")
    .requiredOption("--city <city>")
    .requiredOption("--feed <feed>", `a system of the city, or ${ANY_FEED} for all`)
    .option("--backfill", "may bring readings older than 31 days, as far back as history.json keeps them", false)
    .action(async ({ city, feed, backfill }: { city: string; feed: string; backfill: boolean }) =>
      createToken(city, feed, backfill),
    );
  token
    .command("revoke")
    .description("forget a feed's tokens")
    .requiredOption("--city <city>")
    .requiredOption("--feed <feed>")
    .action(async ({ city, feed }: { city: string; feed: string }) => {
      const count = await new Tokens(data()).revoke(city, feed);
      console.log(`${count} token(s) of ${city}/${feed} revoked`);
    });

  const city = program.command("city").description("places");
  city
    .command("create")
    .description(
      "make a city's folder from its outlines, with metrics and screens to begin with; see docs/add-a-city.md",
    )
    .requiredOption("--id <id>", "folder and address, such as yancheng")
    .requiredOption("--name <name>", "its name, Chinese or as it is written there")
    .option("--en <en>", "English name (from pinyin when left out)")
    .option(
      "--adcode <code>",
      "code of the place, such as 320900 (GB/T 2260), 06037 or GB-LND; made from the id with --codes own",
    )
    .requiredOption(
      "--outlines <file>",
      "GeoJSON FeatureCollection: a Polygon or MultiPolygon a district, with a code and a name",
    )
    .requiredOption("--crs <crs>", "what its coordinates are in: wgs84 or gcj02")
    .option("--codes <codes>", "file: the districts' codes are in the file; own: make them from the names", "file")
    .option("--code-property <name>", "the property with the code (adcode, code, GEOID)")
    .option("--name-property <name>", "the property with the name (name, NAME)")
    .option("--name-en-property <name>", "the property with the English name (name_en, NAME_EN, name:en, NAME, name)")
    .option("--time-zone <zone>", "IANA name (Asia/Shanghai for places in China)")
    .option("--force", "write over what is there", false)
    .action(async (options: CreateOptions) => createCityCommand(options));
  city
    .command("schemas")
    .description("put this version's schemas, which $schema refers to, into the folder of cities")
    .action(async () => {
      const { copySchemas } = await import("../generator/city-create");
      const copied = await copySchemas(cities());
      console.log(
        copied.length > 0
          ? `✓ ${cities()}: ${copied.join(", ")}`
          : `${cities()} is where they come from: nothing to do`,
      );
    });

  program
    .command("metric")
    .description("what a city counts")
    .command("add")
    .description("add a metric to a city's metrics.json")
    .argument("<city>")
    .requiredOption("--id <id>", "such as permits-today")
    .requiredOption("--name <en>", "English name")
    .option("--name-zh <zh>", "Chinese name (the English one)")
    .requiredOption("--system <system>", "a system of city.json")
    .option("--kind <kind>", "gauge: a state now; day: counted since local midnight; total: since ever", "gauge")
    .option("--unit <en>", "behind the value", "")
    .option("--unit-zh <zh>", "the same in Chinese (the English one)")
    .option("--interval <seconds>", "between two readings", "60")
    .option("--limit <seconds>", "after which the last reading is dead (six intervals)")
    .option("--decimals <count>")
    .option("--better <way>", "up, down or none")
    .option("--target <value>")
    .option("--districts", "readings come by district as well", false)
    .action(metricAddCommand);

  program
    .command("screen")
    .description("what a city shows")
    .command("add")
    .description("put metrics on a screen; running walls follow within two seconds")
    .argument("<city>")
    .argument("<screen>")
    .requiredOption("--metric <id...>", "one, or several for widgets that show several")
    .option("--widget <type>", "how they are shown (figure)")
    .option("--into <tile>", "add them to this tile instead")
    .option("--district <code>", "whose values", "all")
    .option(
      "--box <place>",
      "x,y,w,h in cells of the screen's grid; fill: the largest free place; auto: where there is room",
      "auto",
    )
    .option("--title <en>", "of the tile")
    .option("--title-zh <zh>")
    .option("--settings <json>", "more settings of the widget")
    .option("--new <title>", "make the screen, with this English title")
    .option("--new-zh <zh>", "its Chinese title (the English one)")
    .action(screenAddCommand);

  program
    .command("drill")
    .description(
      "play a drill of the mock feeds, such as school enrolment's opening second in Zhengzhou; begins five minutes later",
    )
    .argument("[system]", "city/system", "zhengzhou/enrolment")
    .option("--stop", "end it", false)
    .action(async (system: string, { stop }: { stop: boolean }) =>
      (await import("./drill")).drill(data(), system, stop),
    );

  program.command("check").description("check every city, screen and setting").action(check);
  program
    .command("publish")
    .description("publish one reading, or NDJSON readings from standard input")
    .option("--city <city>")
    .option("--district <district>")
    .option("--metric <metric>")
    .option("--value <value>")
    .option("--at <time>", "observed, RFC 3339 (now)")
    .option("--url <url>", "gateway (the one on this machine)")
    .option("--token <token>", "publisher's token (CITYWALL_TOKEN)")
    .action(async ({ url = gateway(), token: given, ...options }: Partial<PublishOptions>) =>
      (await import("./publish")).publish({ ...options, url, token: publisherToken(given) }),
    );
  program
    .command("seed")
    .description("fill the store with the mock feeds' past, so that the analyst's pages are not empty on day one")
    .option("--days <days>", "how many", "90")
    .option("--step <seconds>", "between two readings of a series", "60")
    .option("--until <time>", "end of the past that is filled, RFC 3339 (now)")
    .option("--seed <number>", "of the models (CITYWALL_MOCK_SEED)")
    .action(async (options: { days: string; step: string; seed?: string; until?: string }) =>
      (await import("./seed")).seed({
        days: positive(options.days, "--days"),
        step: positive(options.step, "--step"),
        seed: options.seed === undefined ? environment().CITYWALL_MOCK_SEED : number(options.seed, "--seed"),
        data: data(),
        cities: environment().CITYWALL_CITIES,
        until: options.until === undefined ? now() : time(options.until, "--until"),
        only: environment().CITYWALL_MOCK_CITIES,
      }),
    );

  const db = program.command("db").description("the store of the past, while Citywall is not running");
  const place = () => ({ data: data(), databaseUrl: environment().DATABASE_URL });
  db.command("migrate")
    .description("bring the tables to this version")
    .action(async () => (await import("./db")).dbMigrate(place()));
  db.command("verify")
    .description("check every rollup against its readings")
    .action(async () => {
      if ((await (await import("./db")).dbVerify(place())) > 0) process.exitCode = 1;
    });
  db.command("compact")
    .description("give back the room of what was deleted")
    .action(async () => (await import("./db")).dbCompact(place()));
  db.command("export")
    .description("readings to a file")
    .requiredOption("--from <time>")
    .option("--to <time>", "RFC 3339", new Date(now()).toISOString())
    .option("--topic <topic...>", "these only")
    .option("--format <format>", "parquet or csv", "parquet")
    .requiredOption("--out <file>")
    .action(async (options: { from: string; to: string; topic?: string[]; format: string; out: string }) => {
      if (options.format !== "parquet" && options.format !== "csv")
        fail(`--format: "${options.format}" is not parquet or csv`);
      return (await import("./db")).dbExport(place(), {
        from: time(options.from, "--from"),
        to: time(options.to, "--to"),
        topics: options.topic ?? [],
        format: options.format,
        out: path.resolve(options.out),
      });
    });

  program
    .command("replay")
    .description(
      "publish recorded readings (NDJSON, oldest first; - for standard input) at their own pace, as if observed now",
    )
    .argument("<file>")
    .option("--speed <times>", "how much faster than recorded", "1")
    .option("--url <url>", "gateway (the one on this machine)")
    .option("--token <token>", "publisher's token (CITYWALL_TOKEN)")
    .action(async (file: string, { speed, url = gateway(), token: given }: ReplayArguments) => {
      const [{ replay }, { NotTaken }] = await Promise.all([import("./replay"), import("./send")]);
      await replay(file, { speed, url, token: publisherToken(given) }).catch((error: unknown) => {
        if (!(error instanceof NotTaken)) throw error;
        console.error(`citywall: ${error.message}`);
        process.exitCode = 1;
      });
    });

  await program.parseAsync(argv);
}

/** The replay command's options as given. */
type ReplayArguments = Omit<ReplayOptions, "url" | "token"> & Partial<Pick<ReplayOptions, "url" | "token">>;

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

async function createCityCommand({
  crs,
  codes,
  codeProperty,
  nameProperty,
  nameEnProperty,
  ...options
}: CreateOptions): Promise<void> {
  if (crs !== "wgs84" && crs !== "gcj02")
    fail(`--crs: "${crs}" is not wgs84 or gcj02; maps made in China are mostly gcj02`);
  if (codes !== "file" && codes !== "own") fail(`--codes: "${codes}" is not file or own`);
  const { createCity } = await import("../generator/city-create");
  const made = createCity({
    ...options,
    crs,
    properties: { codes, code: codeProperty, name: nameProperty, nameEn: nameEnProperty },
    cities: cities(),
  });
  await told(
    made.then(({ folder, districts, screens, warnings }) => {
      for (const warning of warnings) console.warn(`! ${warning}`);
      return `${folder}: ${districts} districts, ${screens.length} screens\n\nLook over city.json (names, seats, systems), then: npx citywall check`;
    }),
  );
}

async function createToken(city: string, feed: string, backfill: boolean): Promise<void> {
  const { Catalogue } = await import("../lib/cities/catalogue");
  const { checkTile } = await import("../components/widgets/check-tile");
  const catalogue = new Catalogue(cities(), checkTile);
  await catalogue.look();
  const facts = catalogue.city(city)?.facts;
  if (!facts)
    fail(
      `--city: "${city}" is not configured; there is ${
        catalogue
          .cities()
          .map((c) => c.id)
          .join(", ") || "none"
      }`,
    );
  if (feed !== ANY_FEED && !facts.systems[feed])
    fail(`--feed: "${feed}" is not a system of ${city}; there is ${Object.keys(facts.systems).join(", ")}`);
  console.log(await new Tokens(data()).create(city, feed, new Date(now()).toISOString(), { backfill }));
}

async function check(): Promise<void> {
  const { checkCities } = await import("../generator/city-check");
  const { good, warnings, issues } = await checkCities(cities());
  for (const line of good) console.log(`✓ ${line}`);
  for (const line of warnings) console.warn(`! ${line}`);
  for (const line of issues) console.error(`✗ ${line}`);
  if (issues.length > 0) process.exitCode = 1;
}

interface ScreenOptions {
  metric: string[];
  widget?: string;
  into?: string;
  district: string;
  box: string;
  title?: string;
  titleZh?: string;
  settings?: string;
  new?: string;
  newZh?: string;
}

async function screenAddCommand(
  city: string,
  screen: string,
  { metric, title, titleZh, new: fresh, newZh, ...options }: ScreenOptions,
): Promise<void> {
  const { addToScreen } = await import("../generator/screen-add");
  await told(
    addToScreen({
      ...options,
      cities: cities(),
      city,
      screen,
      metrics: metric,
      title: bothLanguages(title, titleZh),
      fresh: bothLanguages(fresh, newZh),
    }),
  );
}

interface MetricOptions {
  id: string;
  name: string;
  nameZh?: string;
  unit: string;
  unitZh?: string;
  kind: string;
  system: string;
  interval: string;
  limit?: string;
  decimals?: string;
  better?: string;
  target?: string;
  districts: boolean;
}

async function metricAddCommand(city: string, options: MetricOptions): Promise<void> {
  const { addMetric } = await import("../generator/screen-add");
  const kind = options.kind;
  if (kind !== "gauge" && kind !== "day" && kind !== "total") fail(`--kind: "${kind}" is not gauge, day or total`);
  const better = options.better ?? "none";
  if (better !== "up" && better !== "down" && better !== "none") fail(`--better: "${better}" is not up, down or none`);
  const interval = positive(options.interval, "--interval");
  await told(
    addMetric(cities(), city, {
      id: options.id,
      name: { zh: options.nameZh ?? options.name, en: options.name },
      unit: { zh: options.unitZh ?? options.unit, en: options.unit },
      kind,
      interval,
      limit: options.limit === undefined ? interval * 6 : positive(options.limit, "--limit"),
      system: options.system,
      ...(options.decimals === undefined ? {} : { decimals: Number(options.decimals) }),
      ...(better === "none" ? {} : { better }),
      ...(options.target === undefined ? {} : { target: number(options.target, "--target") }),
      ...(options.districts ? { districts: true } : {}),
    }),
  );
}

/** A text in both languages; the English one stands for the Chinese where that is left out. */
function bothLanguages(en: string | undefined, zh: string | undefined): { zh: string; en: string } | undefined {
  return en === undefined ? undefined : { zh: zh ?? en, en };
}

/** Says what was done, or why it was not. */
async function told(done: Promise<string>): Promise<void> {
  const { CityError } = await import("../generator/outlines-file");
  try {
    console.log(`✓ ${await done}`);
  } catch (error) {
    if (error instanceof CityError) fail(error.message);
    throw error;
  }
}

function number(text: string, field: string): number {
  const value = text.trim() === "" ? NaN : Number(text);
  return Number.isFinite(value) ? value : fail(`${field}: must be a number, is "${text}"`);
}

function positive(text: string, field: string): number {
  const value = Number(text);
  return value > 0 ? value : fail(`${field}: must be a number above 0, is "${text}"`);
}

function time(text: string, field: string): number {
  const at = parseRfc3339(text);
  return Number.isFinite(at)
    ? at
    : fail(`${field}: "${text}" is not an RFC 3339 time with a zone, such as 2026-11-22T08:00:00+08:00`);
}

function fail(message: string): never {
  console.error(`citywall: ${message}`);
  process.exit(64);
}
