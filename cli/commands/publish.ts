import type { Command } from "commander";
import { localGateway, publisherToken } from "../arguments";
import type { PublishOptions } from "../publish";

export function addPublish(program: Command): void {
  program
    .command("publish")
    .description("publish one reading, or NDJSON readings from standard input")
    .option("--city <city>")
    .option("--district <district>")
    .option("--metric <metric>")
    .option("--value <value>")
    .option("--at <time>", "observed, RFC 3339 (now)")
    .option("--url <url>", "gateway (the one on this machine)")
    .option("--token <token>", "publisher's token (CITYWALL_TOKEN)")
    .action(async ({ url = localGateway(), token, ...options }: Partial<PublishOptions>) =>
      (await import("../publish")).publish({ ...options, url, token: publisherToken(token) }),
    );
}
