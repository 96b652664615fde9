import type { Command } from "commander";
import { citiesFolder, fail, tellDone } from "../arguments";

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

export function addCity(program: Command): void {
  const city = program.command("city").description("places");
  addCreate(city);
  city
    .command("schemas")
    .description("put this version's schemas, which $schema refers to, into the folder of cities")
    .action(copySchemas);
}

function addCreate(city: Command): void {
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
    .action(createCity);
}

async function createCity({
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
  const generator = await import("../../generator/city-create");
  const made = generator.createCity({
    ...options,
    crs,
    properties: { codes, code: codeProperty, name: nameProperty, nameEn: nameEnProperty },
    cities: citiesFolder(),
  });
  await tellDone(
    made.then(({ folder, districts, screens, warnings }) => {
      for (const warning of warnings) console.warn(`! ${warning}`);
      const next = "Look over city.json (names, seats, systems), then: npx citywall check";
      return `${folder}: ${districts} districts, ${screens.length} screens\n\n${next}`;
    }),
  );
}

async function copySchemas(): Promise<void> {
  const generator = await import("../../generator/city-create");
  const folder = citiesFolder();
  const copied = await generator.copySchemas(folder);
  console.log(
    copied.length > 0 ? `✓ ${folder}: ${copied.join(", ")}` : `${folder} is where they come from: nothing to do`,
  );
}
