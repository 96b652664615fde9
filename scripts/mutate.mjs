/**
 * Mutation testing of the parts that decide what is right: changes one expression at a time and sees whether a test notices.
 * `npm run mutate` does all of them, `npm run mutate -- reduce journal` some; what was found before is not tried again
 * unless the code or its tests changed. Ends with the score of each file and where the survivors are.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import ts from "typescript";

/** A file, and the tests that have to notice a change in it. */
const PARTS = {
  freshness: ["lib/contract/freshness.ts", "lib/contract/freshness.test.ts"],
  evaluation: ["lib/contract/evaluation.ts", "lib/contract/evaluation.test.ts"],
  series: ["lib/contract/series.ts", "lib/contract/series.test.ts", "lib/contract/reduce.test.ts"],
  reduce: ["lib/contract/reduce.ts", "lib/contract/reduce.test.ts", "lib/gateway/hub-readings.test.ts"],
  frames: ["lib/contract/frames.ts", "lib/contract/frames.test.ts"],
  outbox: ["lib/gateway/outbox.ts", "lib/gateway/outbox.test.ts"],
  journal: [
    "lib/history/writer/journal.ts",
    "lib/history/writer/journal.test.ts",
    "lib/history/writer/journal-records.test.ts",
    "lib/history/writer/damage.test.ts",
  ],
  rollup: [
    "lib/history/store/rollup.ts",
    "lib/history/store/rollup.test.ts",
    "lib/history/store/remake.test.ts",
    "lib/history/store/query.test.ts",
    "lib/history/store/source.test.ts",
    "lib/history/store/engines.test.ts",
  ],
};
const DETECTED = ["Killed", "Timeout"];
const asked = process.argv.slice(2);
const names = asked.length > 0 ? asked : Object.keys(PARTS);

/** Lines of a piece at the least: what is changed is tried piece by piece, so that a run that is cut short loses one of them. */
const PIECE = 60;

/** First and last lines of a file's pieces: whole functions and whole methods, as a change that reaches over an edge would be left out. */
function piecesOf(file) {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const lineAt = (at) => source.getLineAndCharacterOfPosition(at).line + 1;
  const whole = source.statements.flatMap((one) => (ts.isClassDeclaration(one) ? [...one.members] : [one]));
  const ends = whole.map((one) => lineAt(one.end));
  const pieces = [];
  let from = 1;
  for (const [i, end] of ends.entries()) {
    const isLast = i === ends.length - 1;
    if (!isLast && (end - from < PIECE || end === ends[i + 1])) continue;
    const to = isLast ? lineAt(source.end) : end;
    pieces.push(`${from}-${to}`);
    from = to + 1;
  }
  return pieces;
}

/** Tries the changes of a piece; null where the tool failed. */
function triedIn(file, tests, lines) {
  const report = `.mutation/report-${file.replaceAll("/", "-")}-${lines}.json`;
  rmSync(report, { force: true });
  const env = {
    ...process.env,
    CITYWALL_MUTATE: file,
    CITYWALL_MUTATE_LINES: lines,
    CITYWALL_MUTATE_TESTS: tests.join(","),
  };
  const { status } = spawnSync("npx", ["--no-install", "stryker", "run", "stryker.config.mjs"], {
    stdio: "inherit",
    env,
  });
  if (status !== 0) return null;
  return Object.values(JSON.parse(readFileSync(report, "utf8")).files).flatMap(({ mutants }) => mutants);
}

mkdirSync(".mutation", { recursive: true });
const rows = [];
for (const name of names) {
  const [file, ...tests] = PARTS[name] ?? [];
  if (!file) throw new Error(`no part ${name}; there are ${Object.keys(PARTS).join(", ")}`);
  const all = piecesOf(file).map((lines) => triedIn(file, tests, lines));
  if (all.includes(null)) process.exitCode = 1;
  const mutants = all.flatMap((some) => some ?? []);
  const tried = mutants.filter((one) => [...DETECTED, "Survived", "NoCoverage"].includes(one.status));
  const noticed = tried.filter((one) => DETECTED.includes(one.status)).length;
  rows.push([file, tried.length, noticed, tried.length - noticed, `${((100 * noticed) / tried.length).toFixed(1)} %`]);
}
console.log("\n| file | changes | noticed | survived | score |\n|---|---|---|---|---|");
for (const row of rows) console.log(`| ${row.join(" | ")} |`);
