import type { Command } from "commander";
import { now } from "../../lib/clock";
import { citiesFolder, dataFolder, fail } from "../arguments";
import { record } from "../audited";

interface AddOptions {
  relief: boolean;
  attribution?: string;
  encoding?: string;
}

export function addMap(program: Command): void {
  const map = program.command("map").description("base maps of the site's own, drawn under the districts");
  map
    .command("add")
    .description("check an archive of PMTiles v3 and draw it under a place's map, also while Citywall runs")
    .argument("<city>")
    .argument("<file>", "vector tiles after OpenMapTiles or Protomaps, or pictures")
    .option("--relief", "its pictures are heights", false)
    .option("--encoding <encoding>", "how heights are written: terrarium or mapbox (as the file says, else terrarium)")
    .option("--attribution <text>", "whom to name under the map, where the file does not say so itself")
    .action(add);
  map.command("list").description("the base maps there are, each read to its end").action(list);
  map
    .command("remove")
    .description("draw a place without its base maps, and delete them")
    .argument("<city>")
    .option("--kind <kind>", "only this one: vector, raster or relief")
    .action(remove);
}

/** Does what a command asks for, or ends it with the reason why not. */
async function told<T>(task: () => Promise<T>): Promise<T> {
  const [{ MapFault }, { keepToOwner }] = await Promise.all([
    import("../../lib/maps/map-fault"),
    import("../../server/data-folder"),
  ]);
  keepToOwner();
  try {
    return await task();
  } catch (error) {
    if (error instanceof MapFault) fail(error.message);
    throw error;
  }
}

async function add(city: string, file: string, options: AddOptions): Promise<void> {
  const { addMapOf } = await import("../map");
  const folders = { data: dataFolder(), cities: citiesFolder() };
  await record({ action: "map.add", object: `map ${city}`, detail: { file } });
  const made = await told(() => addMapOf(folders, city, file, options, new Date(now()).toISOString()));
  for (const warning of made.warnings) console.warn(`! ${warning}`);
  console.log(`✓ ${made.done}`);
}

async function list(): Promise<void> {
  const { listMaps } = await import("../map");
  const { lines, faults } = await told(() => listMaps(dataFolder()));
  for (const line of lines) console.log(line);
  for (const fault of faults) console.error(`citywall: ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}

async function remove(city: string, { kind }: { kind?: string }): Promise<void> {
  const { removeMaps } = await import("../map");
  await record({ action: "map.remove", object: `map ${city}`, detail: { kind: kind ?? "all" } });
  const gone = await told(() => removeMaps(dataFolder(), city, kind));
  console.log(`✓ ${city}: ${gone.join(", ")} removed`);
}
