/** Somebody who guesses: sign-ins that fail, at a rate, each from another network and for another name. */
import os from "node:os";
import { after } from "../lib/clock";

// Who guesses does so on a machine of his own.
os.setPriority(19);

const url = process.env.BENCH_URL ?? "";
const SPACING = 1_000 / Number(process.env.BENCH_RATE);
let going = false;
/** answers by status since the last report */
let statuses: Record<number, number> = {};
let made = 0;

/** One guess, as a proxy passes it on. */
async function guess(): Promise<void> {
  const n = ++made;
  const answer = await fetch(`${url}/api/v1/session`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-forwarded-for": `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`,
    },
    body: JSON.stringify({ name: `somebody-${n}`, password: `a password that is wrong ${n}` }),
  }).catch(() => null);
  const status = answer?.status ?? 0;
  statuses[status] = (statuses[status] ?? 0) + 1;
  await answer?.arrayBuffer().catch(() => null);
}

async function run(): Promise<void> {
  const began = performance.now();
  for (let i = 1; going; i++) {
    void guess();
    await new Promise<void>((resolve) => after(Math.max(1, began + i * SPACING - performance.now()), resolve));
  }
}

process.on("message", (order: "begin" | "end") => {
  if (order === "end") {
    going = false;
    process.send?.(statuses);
    statuses = {};
    return;
  }
  going = true;
  void run();
});
process.send?.("ready");
