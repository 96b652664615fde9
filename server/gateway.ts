/** The gateway process: environment in, server listening. */
import { fork } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { openGateway } from "../lib/gateway/server";
import { loadHistoryConfig } from "../lib/history/config";
import { checkTile } from "../components/widgets/check-tile";

const env = process.env;

/** The store of the past, in a process of its own. @throws when history.json is wrong */
async function history() {
  if (env.CITYWALL_HISTORY === "0") return undefined;
  const config = await loadHistoryConfig(env.CITYWALL_CITIES ?? "./cities");
  return {
    config,
    launch: () =>
      fork(path.join(import.meta.dirname, "historian.ts"), {
        execArgv: ["--import", "tsx"],
        serialization: "advanced",
      }),
  };
}

const gateway = await history()
  .then(async (kept) =>
    openGateway({
      ...(kept ? { history: kept } : {}),
      host: env.HOST ?? "127.0.0.1",
      port: Number(env.PORT ?? 3000),
      data: env.CITYWALL_DATA ?? "./data",
      cities: env.CITYWALL_CITIES ?? "./cities",
      pagesPort: env.CITYWALL_PAGES_PORT ? Number(env.CITYWALL_PAGES_PORT) : null,
      // Under development Next makes each file when it is asked for; an older build's would be in its way.
      ...(env.CITYWALL_DEV === "1" ? {} : { files: path.join(import.meta.dirname, "..") }),
      open: env.CITYWALL_OPEN === "1",
      build: await readFile(".next/BUILD_ID", "utf8").catch(() => "dev"),
      rate: Number(env.CITYWALL_RATE ?? 100),
      checkTile,
    }),
  )
  .catch((error: unknown) => {
    console.error(`citywall: ${(error as Error).message}`);
    process.exit(78); // EX_CONFIG: starting again would not help
  });

process.send?.({ ready: gateway.port });

let stopping = false;

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await gateway.close();
  process.exit(0);
}
process.on("SIGTERM", () => void stop());
process.on("SIGINT", () => void stop());
process.on("disconnect", () => void stop());
