import path from "node:path";
import type { Command } from "commander";
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
}

async function bringBack(name: string, { check, replace, keepCities }: RestoreArguments): Promise<void> {
  const env = environment();
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
    return restore(place, file, { replace, keepCities });
  });
  if (!done) return;
  const { manifest, aside, lines, ended } = done;
  console.log(`✓ ${env.CITYWALL_DATA} is as it was at ${manifest.moment}; the audit log is whole (${lines} lines)`);
  if (ended > 0) console.log(`  ${ended} sign-ins, invitations and codes hold no longer`);
  for (const folder of aside) console.log(`  what was there before is in ${folder}`);
  console.log("  What was withdrawn after that moment holds again: look through people, displays and tokens.");
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
