/** Makes one file of an answer about the past, writes it to its output and ends. The gateway starts it for each. */
import { on } from "node:events";
import { Worker } from "node:worker_threads";
import { fileOfMessages } from "../lib/gateway/export-files";

/**
 * A workbook is made in one go, in which nothing else is heard: so another thread looks whether whoever asked for it is still
 * there.
 */
const WATCH = `
  const parent = process.ppid;
  setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, "SIGKILL"); }, 250);`;

if (!process.send) throw new Error("the gateway starts it");
new Worker(WATCH, { eval: true, execArgv: [] }).unref();
process.once("disconnect", () => process.exit(0));

async function* messages(): AsyncGenerator<unknown> {
  for await (const [message] of on(process, "message") as AsyncIterable<[unknown]>) yield message;
}

const told = messages();
void (async () => {
  const bytes = await fileOfMessages(told);
  await new Promise<void>((resolve, reject) =>
    process.stdout.write(bytes, (error) => (error ? reject(error) : resolve())),
  );
  process.exit(0);
})().catch((error: unknown) => {
  console.error("exporter:", error);
  process.exit(1);
});
