import { expect, it } from "vitest";
import { faultTrial, inputTrial } from "./trial";

/** Most that the gateway may hold, in what it holds at rest. */
const MEMORY = 1.5;

/** The short form of `npm run torture`; see docs/reliability.md for the long one. */
it("thousands of hostile inputs: every answer is a right one, nothing crashes", { timeout: 180_000 }, async () => {
  const { sent, faults, restarts, memory } = await inputTrial({ inputs: 2_500, seed: 20_261_130, postgres: null });
  expect(faults).toEqual([]);
  expect(restarts).toBe(0);
  expect(sent).toBeGreaterThanOrEqual(2_500);
  expect(memory.most).toBeLessThanOrEqual(memory.before * MEMORY);
});

it(
  "thousands of hostile inputs where everybody has to sign in: nobody is told what there is no right to",
  { timeout: 180_000 },
  async () => {
    const trial = { inputs: 2_500, seed: 20_261_201, postgres: null, closed: true };
    const { sent, faults, restarts, statuses, memory } = await inputTrial(trial);
    expect(faults).toEqual([]);
    expect(restarts).toBe(0);
    expect(sent).toBeGreaterThanOrEqual(2_500);
    const count = (status: number): number => statuses.find(([one]) => one === status)?.[1] ?? 0;
    expect(Math.min(count(200), count(401), count(403))).toBeGreaterThan(20);
    expect(memory.most).toBeLessThanOrEqual(memory.before * MEMORY);
  },
);

it("faults under load: what was acknowledged is kept, exactly once", { timeout: 300_000 }, async () => {
  const kinds = ["kill gateway", "kill store", "clock ahead", "clock back"] as const;
  const { outcomes, account, left } = await faultTrial({ faults: 4, seed: 7, postgres: null, kinds });
  expect(outcomes).toHaveLength(4);
  expect(account.acknowledged).toBeGreaterThan(0);
  expect({ ...account, acknowledged: 0 }).toEqual({ acknowledged: 0, lost: 0, wrong: 0, doubled: 0 });
  expect(left).toEqual([]);
});
