/**
 * `npm run torture -- --inputs 1000000 --faults 200 --seed 1 --engine duckdb`: hostile inputs, then faults under load; with `--closed`
 * to a gateway in which everybody has to sign in. See docs/reliability.md.
 */
import { parseArgs } from "node:util";
import { startPostgres } from "../scripts/postgres.mjs";
import { faultTrial, inputTrial, type FaultReport, type InputReport } from "./trial";

const { values: given } = parseArgs({
  options: {
    inputs: { type: "string", default: "1000000" },
    faults: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    engine: { type: "string", default: "duckdb" },
    show: { type: "string", default: "10" },
    closed: { type: "boolean", default: false },
  },
});
const [inputs, faults, seed, show] = [given.inputs, given.faults, given.seed, given.show].map(Number) as [
  number,
  number,
  number,
  number,
];
const own = given.engine === "postgres" && !process.env.CITYWALL_TEST_POSTGRES ? await startPostgres() : null;
const postgres = given.engine === "postgres" ? (process.env.CITYWALL_TEST_POSTGRES ?? own?.url ?? null) : null;
if (given.engine === "postgres" && !postgres) throw new Error("no PostgreSQL server");

function sayInputs({ sent, cut, statuses, faults: wrong, pulse, loop, memory, restarts }: InputReport): void {
  for (const one of wrong.slice(0, show)) console.log(`  ${one}`);
  console.log(
    `${sent} inputs from seed ${seed}, ${cut} connections cut: ${wrong.length} wrong answers, ${restarts} crashes; ` +
      `event loop held up ${loop} ms at most, /healthz ${Math.round(pulse)} ms at most; memory of the gateway ` +
      `${memory.before} MB before, ${memory.most} MB at most, ${memory.after} MB after`,
  );
  console.log(`  by status: ${statuses.map(([status, count]) => `${status} ${count}`).join(", ")}`);
}

function sayFaults({ outcomes, account, left, refused }: FaultReport): void {
  const kinds = [...new Set(outcomes.map(({ fault }) => fault))].sort();
  for (const kind of kinds) {
    const back = outcomes
      .filter(({ fault }) => fault === kind)
      .map((one) => one.back)
      .sort((a, b) => a - b);
    const [median, most] = [back[back.length >> 1] ?? 0, back.at(-1) ?? 0];
    console.log(
      `  ${kind.padEnd(14)} ${String(back.length).padStart(4)}   right again after ${seconds(median)} (median), ${seconds(most)} (most)`,
    );
  }
  for (const [what, count] of refused) console.log(`  not acknowledged, sent again: ${what}: ${count}`);
  console.log(
    `${outcomes.length} faults from seed ${seed} on ${given.engine}: ${account.acknowledged} readings acknowledged, ` +
      `${account.lost} lost, ${account.wrong} wrong, ${account.doubled} doubled, ${left.length} processes left behind`,
  );
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

let good = true;
if (inputs > 0) {
  const report = await inputTrial({ inputs, seed, postgres, closed: given.closed });
  sayInputs(report);
  good &&= report.faults.length === 0 && report.restarts === 0;
}
if (faults > 0) {
  const report = await faultTrial({
    faults,
    seed,
    postgres,
    onOutcome: ({ fault, back }) => console.log(`  ${fault}: ${seconds(back)}`),
  });
  sayFaults(report);
  const { lost, wrong, doubled } = report.account;
  good &&= lost + wrong + doubled + report.left.length === 0;
}
await own?.stop();
process.exitCode = good ? 0 : 1;
