/**
 * `npm run model -- --runs 1000 --engine duckdb --seed 1`: hostile histories against the oracle. See
 * docs/reliability.md.
 */
import { parseArgs } from "node:util";
import fc from "fast-check";
import { startPostgres } from "../scripts/postgres.mjs";
import { runPlan } from "./history";
import { plans, type Plan } from "./plan";
import { Tally } from "./questions";
import { openInside, openProcesses } from "./subject";

const { values: given } = parseArgs({
  options: {
    runs: { type: "string", default: "100" },
    engine: { type: "string", default: "duckdb" },
    seed: { type: "string", default: "1" },
    deeds: { type: "string", default: "24" },
    processes: { type: "boolean", default: false },
    shrink: { type: "boolean", default: false },
    show: { type: "string", default: "5" },
  },
});

const runs = Number(given.runs);
const first = Number(given.seed);
const longest = Number(given.deeds);
const open = given.processes ? openProcesses : openInside;
const own = given.engine === "postgres" && !process.env.CITYWALL_TEST_POSTGRES ? await startPostgres() : null;
const postgres = given.engine === "postgres" ? (process.env.CITYWALL_TEST_POSTGRES ?? own?.url ?? null) : null;
if (given.engine === "postgres" && !postgres) throw new Error("no PostgreSQL server");

async function one(plan: Plan): Promise<Tally> {
  const tally = new Tally();
  try {
    await runPlan(plan, open, postgres, tally);
  } catch (error) {
    tally.same("run", "the run itself", "", "an answer", (error as Error).message);
  }
  return tally;
}

/** The smallest plan found that still fails. */
async function shrunk(seed: number): Promise<Plan | null> {
  const found = await fc.check(
    fc.asyncProperty(plans(longest), async (plan) => (await one(plan)).differences.length === 0),
    { seed, numRuns: 1, interruptAfterTimeLimit: 240_000 },
  );
  return found.counterexample?.[0] ?? null;
}

const began = performance.now();
const byKind = new Map<string, number>();
let [compared, different, failed] = [0, 0, 0];
for (let i = 0; i < runs; i++) {
  const seed = first + i;
  const [plan] = fc.sample(plans(longest), { seed, numRuns: 1 });
  if (!plan) continue;
  const tally = await one(plan);
  compared += tally.values;
  for (const [kind, count] of tally.byKind) byKind.set(kind, (byKind.get(kind) ?? 0) + count);
  if (tally.differences.length > 0) {
    failed++;
    different += tally.differences.length;
    console.log(`seed ${seed} (${plan.scene.zone}): ${tally.differences.length} differences`);
    for (const difference of tally.differences.slice(0, Number(given.show))) console.log(JSON.stringify(difference));
    if (given.shrink) console.log(JSON.stringify(await shrunk(seed), null, 1));
  }
  if ((i + 1) % 50 === 0)
    console.log(
      `${i + 1} runs, ${compared} values, ${failed} with differences, ` +
        `${Math.round((performance.now() - began) / 1000)} s`,
    );
}
await own?.stop();

for (const [kind, count] of [...byKind].sort()) console.log(`  ${kind.padEnd(10)} ${count}`);
console.log(
  `${runs} runs from seed ${first} on ${given.engine}${given.processes ? ", processes killed" : ""}: ` +
    `${compared} values compared, ${different} differences in ${failed} runs, ` +
    `${Math.round((performance.now() - began) / 1000)} s`,
);
process.exitCode = failed === 0 ? 0 : 1;
