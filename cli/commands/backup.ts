import path from "node:path";
import type { Command } from "commander";
import type { Held } from "../backup/held";
import type { Restored } from "../backup/restore";
import { environment, fail } from "../arguments";
import { operator, record } from "../audited";

/** Exit status where something is in the way, or an archive cannot be used. */
const REFUSED = 1;
const MEGABYTE = 1_000_000;

export function addBackup(program: Command): void {
  program
    .command("backup")
    .description("write all that is kept into one archive, as it is at one moment, also while Citywall runs")
    .argument("<file>", "of another disk or machine, such as /mnt/backup/citywall-2026-12-01.tar.gz")
    .option("--no-maps", "without base maps, where the site has them elsewhere")
    .action(save);
  program
    .command("restore")
    .description("put what an archive holds into its place, while Citywall does not run")
    .argument("<file>")
    .option("--check", "only read all of it and hold it against its manifest", false)
    .option("--replace", "put aside what is there", false)
    .option("--keep-cities", "leave the configuration as it is", false)
    .option("--former <file>", "holds the address of the database of before, to tell what was withdrawn there")
    .action(bringBack);
}

const megabytes = (bytes: number): string => `${(bytes / MEGABYTE).toFixed(1)} MB`;

/** Ends the command with a sentence where what stands in its way is for a person to mend. */
async function told<T>(task: () => Promise<T>): Promise<T | null> {
  const [{ BackupFault }, { RestoreFault }, { ArchiveFault }, { keepToOwner }] = await Promise.all([
    import("../backup/backup"),
    import("../backup/restore"),
    import("../backup/manifest"),
    import("../../server/data-folder"),
  ]);
  keepToOwner();
  try {
    return await task();
  } catch (error) {
    const isTold = [BackupFault, RestoreFault, ArchiveFault].some((kind) => error instanceof kind);
    if (!isTold && (error as Error).name !== "AbortError" && (error as NodeJS.ErrnoException).code === undefined)
      throw error;
    console.error(`citywall: ${(error as Error).message}`);
    process.exitCode = REFUSED;
    return null;
  }
}

async function versionHere(): Promise<string> {
  const { readFile } = await import("node:fs/promises");
  const { ROOT } = await import("../../server/programs.mjs");
  return (JSON.parse(await readFile(path.join(ROOT, "package.json"), "utf8")) as { version: string }).version;
}

async function save(name: string, { maps }: { maps: boolean }): Promise<void> {
  const env = environment();
  const file = path.resolve(name);
  if (/[\\/]$/.test(name)) fail("<file>: is a folder; name a file in it");
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(signal, () => stop.abort(new DOMException(`ended by ${signal}`, "AbortError")));
  const made = await told(async () => {
    const { backup, checkPlaces } = await import("../backup/backup");
    const place = {
      data: env.CITYWALL_DATA,
      cities: env.CITYWALL_CITIES,
      databaseUrl: env.DATABASE_URL,
      history: env.CITYWALL_HISTORY,
      leave: env.CITYWALL_DISK_REFUSE * MEGABYTE,
      version: await versionHere(),
    };
    await checkPlaces(place, file);
    await record({ action: "backup.create", object: "backup", detail: { file } });
    return backup(place, file, { maps, signal: stop.signal });
  });
  if (!made) return;
  const { moment, engine, history, files } = made.manifest;
  const past = history ? `, ${history.readings.toLocaleString("en")} readings in ${engine}` : "";
  console.log(`✓ ${made.file}: ${megabytes(made.bytes)}, ${files.length} files${past}; all up to ${moment}`);
  console.log(`  SHA-256 ${made.sha256}`);
}

interface RestoreArguments {
  check: boolean;
  replace: boolean;
  keepCities: boolean;
  former?: string;
}

async function bringBack(name: string, { check, replace, keepCities, former }: RestoreArguments): Promise<void> {
  const env = environment();
  const formerUrl = former === undefined ? undefined : await addressIn(former);
  const file = path.resolve(name);
  if (check) return checkAlone(file);
  const done = await told(async () => {
    const { restore } = await import("../backup/restore");
    const place = {
      data: env.CITYWALL_DATA,
      cities: env.CITYWALL_CITIES,
      databaseUrl: env.DATABASE_URL,
      version: await versionHere(),
      who: operator(),
    };
    return restore(place, file, { replace, keepCities, formerUrl });
  });
  if (!done) return;
  const { manifest, aside, lines, ended, held, revived } = done;
  console.log(`✓ ${env.CITYWALL_DATA} is as it was at ${manifest.moment}; the audit log is whole (${lines} lines)`);
  console.log(
    `  ${ended} sign-ins, invitations and codes that were in it hold no longer: whoever was signed in signs in again`,
  );
  for (const folder of aside) console.log(`  what was there before is in ${folder}`);
  for (const line of heldLines(held, revived)) console.log(line);
}

/** The address of a database, which is kept in a file as it is a secret. Ends the command where there is none. */
async function addressIn(file: string): Promise<string> {
  const { readFile } = await import("node:fs/promises");
  const text = await readFile(file, "utf8").catch((error: Error) => fail(`--former: cannot be read: ${error.message}`));
  const address = text.trim();
  const isOne = URL.canParse(address) && ["postgres:", "postgresql:"].includes(new URL(address).protocol);
  return isOne ? address : fail(`--former: ${file} does not hold the address of a PostgreSQL server, postgres://…`);
}

const heldText = ({ kind, name, gives }: Held): string => `    ${kind} ${name}: ${gives}`;

/** What is to be looked through after a restore: what had been withdrawn, where that can be told, and all that holds where not. */
function heldLines(held: readonly Held[], revived: Restored["revived"]): string[] {
  const withdraw =
    "withdraw it: npx citywall admin disable, display withdraw, token revoke; or /people, /displays, /tokens";
  if ("unknown" in revived)
    return [
      `! Whatever was withdrawn after that moment holds again. What that is nobody can tell (${revived.unknown}):`,
      "  look through all that holds now",
      ...(held.length === 0 ? ["    nothing"] : held.map(heldText)),
      `  What is not to hold, ${withdraw}`,
    ];
  const [most, rest] = [revived.length, held.length - revived.length];
  if (most === 0)
    return [`  Nothing was withdrawn or changed after that moment that holds again; ${rest} rights are as they were`];
  return [
    `! ${most} that had been withdrawn or changed after that moment hold again, by what was there before; ${rest} are as they were:`,
    ...revived.map((one) => `${heldText(one)}; ${one.since}`),
    `  What is not to hold, ${withdraw}`,
  ];
}

async function checkAlone(file: string): Promise<void> {
  const manifest = await told(async () => {
    const [{ verifyArchive }, { knownTo }] = await Promise.all([
      import("../backup/archive"),
      import("../backup/restore"),
    ]);
    return verifyArchive(file, knownTo(await versionHere()));
  });
  if (manifest)
    console.log(`✓ ${file}: ${manifest.files.length} files, as they were written; all up to ${manifest.moment}`);
}
