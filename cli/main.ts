import { Command } from "commander";
import { addAdmin } from "./commands/admin";
import { addAside } from "./commands/aside";
import { addAudit } from "./commands/audit";
import { addBackup } from "./commands/backup";
import { addCheck } from "./commands/check";
import { addCity } from "./commands/city";
import { addDb } from "./commands/db";
import { addDisplay } from "./commands/display";
import { addDoctor } from "./commands/doctor";
import { addDrill } from "./commands/drill";
import { addMap } from "./commands/map";
import { addMetric } from "./commands/metric";
import { addNotices } from "./commands/notices";
import { addOidc } from "./commands/oidc";
import { addPublish } from "./commands/publish";
import { addReplay } from "./commands/replay";
import { addScreen } from "./commands/screen";
import { addSbom } from "./commands/sbom";
import { addSeed } from "./commands/seed";
import { addDev, addStart } from "./commands/start";
import { addToken } from "./commands/token";

/** The commands, in the order in which the help lists them. */
const COMMANDS = [
  addStart,
  addDev,
  addAdmin,
  addOidc,
  addToken,
  addDisplay,
  addCity,
  addMetric,
  addScreen,
  addMap,
  addDrill,
  addCheck,
  addDoctor,
  addPublish,
  addSeed,
  addDb,
  addBackup,
  addAside,
  addNotices,
  addAudit,
  addReplay,
  addSbom,
];

/**
 * The `citywall` command. Each part is loaded by the command that needs it: widgets and mock feeds take longer to read
 * than most commands take.
 */
export async function main(argv: string[]): Promise<void> {
  const program = new Command("citywall").description("The live wall display of a city operations center");
  for (const add of COMMANDS) add(program);
  await program.parseAsync(argv);
}
