import type { Command } from "commander";
import { localGateway, publisherToken } from "../arguments";
import type { ReplayOptions } from "../replay";

/** The options as given. */
type Given = Omit<ReplayOptions, "url" | "token"> & Partial<Pick<ReplayOptions, "url" | "token">>;

export function addReplay(program: Command): void {
  program
    .command("replay")
    .description(
      "publish recorded readings (NDJSON, oldest first; - for standard input) at their own pace, as if observed now",
    )
    .argument("<file>")
    .option("--speed <times>", "how much faster than recorded", "1")
    .option("--url <url>", "gateway (the one on this machine)")
    .option("--token <token>", "publisher's token (CITYWALL_TOKEN)")
    .action(replayFile);
}

async function replayFile(file: string, { speed, url = localGateway(), token }: Given): Promise<void> {
  const [{ replay }, { NotTaken }] = await Promise.all([import("../replay"), import("../send")]);
  await replay(file, { speed, url, token: publisherToken(token) }).catch((error: unknown) => {
    if (!(error instanceof NotTaken)) throw error;
    console.error(`citywall: ${error.message}`);
    process.exitCode = 1;
  });
}
