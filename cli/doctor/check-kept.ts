/** How what is kept stands: the data folder, its disk, the cities. */
import { textOf } from "../../lib/files/notices";
import type { DataFacts, Facts } from "./facts";
import { fault, ok, warning, type Finding } from "./finding";

const MEGABYTE = 1_000_000;
/** A file may be so much (ms) newer than the clock: writing it and looking at the clock are two moments. */
const AHEAD = 60_000;
/** Part of the journal's room from which on it is worth a word. */
const MUCH = 0.5;
const DAY = 86_400_000;
/** A nightly backup that failed once is no matter yet, ms. */
const OLD_BACKUP = 3 * DAY;
/** Most that are named one by one. */
const NAMED = 3;

const megabytes = (bytes: number): string => `${Math.round(bytes / MEGABYTE).toLocaleString("en")} MB`;

function few(names: readonly string[]): string {
  const more = names.length - NAMED;
  return names.slice(0, NAMED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

export function checkData({
  data,
  environment,
  now,
  spill,
}: Pick<Facts, "data" | "environment" | "now" | "spill">): Finding[] {
  const folder = environment.CITYWALL_DATA;
  if (!data) return [ok("data", `${folder} is not there yet: the first start makes it`)];
  if (data instanceof Error)
    return [fault("data", `${folder} cannot be read: ${data.message}`, "run this as the user that Citywall runs as")];
  const open = data.open.length > 0 && `other users of the machine may read or write ${few(data.open)} in ${folder}`;
  return [
    open ? fault("data", open, `chmod -R go= ${folder}`) : ok("data", `${folder}: for its own user alone`),
    ...checkDisk(data, environment),
    ...(data.tokensFault === null
      ? []
      : [
          fault(
            "tokens",
            `${folder}/tokens.json ${data.tokensFault}: the tokens of an earlier version cannot be taken over`,
            "put back a copy of it, such as tokens.good.json, and start again; or remove it",
          ),
        ]),
    ...data.notices.map((notice) =>
      warning("notices", textOf(notice), "npx citywall notices --acknowledge, once it has been seen"),
    ),
    ...(data.aside > 0
      ? [warning("aside", `the store refused ${data.aside} item(s)`, "npx citywall aside lists them with the reasons")]
      : []),
    ...checkJournal(data, spill),
    checkBackup(data, now),
    ...checkAhead(data, now),
  ];
}

/** Files of a time that has not come tell that the clock was right, or wrong, before. */
function checkAhead({ newest }: DataFacts, now: number): Finding[] {
  if (newest - now <= AHEAD) return [];
  const [kept, clock] = [newest, now].map((at) => new Date(at).toISOString());
  const says = `something was kept at ${kept}, and the machine's clock says that it is ${clock}`;
  return [fault("clock", says, "set the machine's clock right (timedatectl set-ntp true)")];
}

type Limits = Pick<Facts["environment"], "CITYWALL_DISK_WARN" | "CITYWALL_DISK_REFUSE">;

function checkDisk({ free }: DataFacts, { CITYWALL_DISK_WARN: warn, CITYWALL_DISK_REFUSE: refuse }: Limits): Finding[] {
  if (free === null) return [];
  const says = `${megabytes(free)} are free`;
  const mend = "give it room; CITYWALL_DISK_WARN and CITYWALL_DISK_REFUSE say how much it needs";
  if (free < refuse * MEGABYTE) return [fault("disk", `${says}: nothing more is taken in`, mend)];
  return [free < warn * MEGABYTE ? warning("disk", `${says}: it runs full`, mend) : ok("disk", says)];
}

function checkBackup({ backup }: DataFacts, now: number): Finding {
  const mend = "npx citywall backup <file on another disk>, each night";
  if (backup === null) return warning("backup", "nothing was ever backed up: what is kept is lost with its disk", mend);
  const days = Math.floor((now - backup) / DAY);
  const says = `the last backup is of ${new Date(backup).toISOString()}`;
  return now - backup > OLD_BACKUP ? warning("backup", `${says}, ${days} days ago`, mend) : ok("backup", says);
}

function checkJournal({ journal }: DataFacts, spill: number | null): Finding[] {
  if (spill === null || journal < spill * MUCH) return [];
  const mend = "see that the store runs; spill.megabytes in history.json is the room that the journal has";
  return [
    warning("journal", `${megabytes(journal)} of ${megabytes(spill)} are used: the store does not keep up`, mend),
  ];
}

export function checkCitiesFolder({ cities }: Pick<Facts, "cities">): Finding[] {
  const check = "npx citywall check tells all of it";
  return [
    ...(cities.issues.length > 0 ? [fault("cities", few(cities.issues), check)] : []),
    ...(cities.warnings.length > 0 ? [warning("cities", few(cities.warnings), check)] : []),
    ...(cities.issues.length + cities.warnings.length === 0 ? [ok("cities", `${cities.good.length} in order`)] : []),
  ];
}
