/**
 * npm run bench [-- wall load fanout rights positions start ingest history replay heap sign-in]
 * [-- --warm-up 20 --minutes 30 --sooner 10] [-- --millions 100 --pg-millions 20]
 * [-- --rounds 3 --seconds 20 --against <folder of another checkout>]
 * Measures what is named (all but the long ones, `heap`, `history`, `ingest`, `replay` and `sign-in`, when nothing is) and writes
 * bench/RESULTS.md; parts not measured stay as they were.
 */
import { readFile, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fanout } from "./fanout";
import { heap } from "./heap";
import { history } from "./history";
import { ingest } from "./ingest";
import { load } from "./load";
import { positions } from "./positions";
import { replay } from "./replay";
import { rights } from "./rights";
import { signIn } from "./sign-in";
import { start } from "./start";
import { wall } from "./wall";

const file = path.join(import.meta.dirname, "RESULTS.md");
const args = process.argv.slice(2);
const option = (name: string, fallback: number): number =>
  args.includes(name) ? Number(args[args.indexOf(name) + 1]) : fallback;
const [warmUp, minutes, sooner] = [option("--warm-up", 20), option("--minutes", 30), option("--sooner", 10)];
const [millions, pgMillions] = [option("--millions", 100), option("--pg-millions", 20)];
const [rounds, seconds] = [option("--rounds", 3), option("--seconds", 20)];
const loadRounds = option("--rounds", 5);
const against = args.includes("--against") ? (args[args.indexOf("--against") + 1] ?? null) : null;
const parts = {
  wall: () => wall(against),
  load: () => load(loadRounds, against),
  fanout,
  rights: () => rights(rounds),
  positions: () => Promise.resolve(positions()),
  start: () => start(rounds),
  ingest: () => ingest(rounds, seconds, against),
  history: () => history(millions, pgMillions),
  replay,
  heap: () => heap(warmUp, minutes, sooner),
  "sign-in": () => signIn(rounds, seconds),
};
type Part = keyof typeof parts;
const order = Object.keys(parts) as Part[];
const named = order.filter((name) => args.some((arg, i) => arg === name && args[i - 1] !== "--against"));
const asked =
  named.length > 0 ? named : order.filter((name) => !["heap", "history", "ingest", "replay", "sign-in"].includes(name));

const ABOUT =
  "Each part names the command that measured it. Times of software rendering say nothing of a GPU; the ratios hold.";
const HEADS: Record<Part, string> = {
  wall: "## One wall",
  load: "## Load",
  fanout: "## Fan-out",
  rights: "## Rights",
  positions: "## Positions",
  start: "## Start",
  ingest: "## Ingest",
  history: "## History",
  replay: "## Replay",
  heap: "## Heap",
  "sign-in": "## Sign-in",
};
const againstOption = against === null ? "" : " --against <earlier checkout>";
/** What a part was asked for beside its name, as its section tells it. */
const OPTIONS: Partial<Record<Part, string>> = {
  start: ` --rounds ${rounds}`,
  rights: ` --rounds ${rounds}`,
  wall: againstOption,
  load: ` --rounds ${loadRounds}${againstOption}`,
  ingest: ` --rounds ${rounds} --seconds ${seconds}${againstOption}`,
  history: ` --millions ${millions} --pg-millions ${pgMillions}`,
  "sign-in": ` --rounds ${rounds} --seconds ${seconds}`,
  heap: ` --warm-up ${warmUp} --minutes ${minutes} --sooner ${sooner}`,
};
const old = await readFile(file, "utf8").catch(() => "");
const sections = new Map<Part, string>(
  order.flatMap((name) => {
    const from = old.indexOf(HEADS[name]);
    if (from < 0) return [];
    const to = old.indexOf("\n## ", from + 3);
    return [[name, `${old.slice(from, to < 0 ? undefined : to + 1).trim()}\n`] as const];
  }),
);

for (const name of asked) {
  console.log(`measuring ${name}`);
  const result = (await parts[name]()).trim();
  const command = `npm run bench -- ${name}${OPTIONS[name] ?? ""}`;
  const machine = `Node ${process.version}, ${os.cpus().length} cores (${os.cpus()[0]?.model.trim()})`;
  const text = `${result}\n\nMeasured ${new Date().toISOString().slice(0, 10)}: \`${command}\`, ${machine}.\n`;
  console.log(text);
  sections.set(name, text);
  const body = order.flatMap((part) => sections.get(part) ?? []).join("\n");
  await writeFile(file, `# Results\n\n${ABOUT}\n\n${body}`);
}
process.exit(0);
