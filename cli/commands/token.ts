import type { Command } from "commander";
import { now } from "../../lib/clock";
import { ANY_FEED, Tokens } from "../../lib/gateway/tokens";
import { citiesFolder, dataFolder, fail } from "../arguments";
import { record } from "../audited";

interface FeedOptions {
  city: string;
  feed: string;
}

export function addToken(program: Command): void {
  const token = program.command("token").description("publishers' tokens");
  token
    .command("create")
    .description("print a new token; it is shown once and kept only as a hash")
    .requiredOption("--city <city>")
    .requiredOption("--feed <feed>", `a system of the city, or ${ANY_FEED} for all`)
    .option("--backfill", "may bring readings older than 31 days, as far back as history.json keeps them", false)
    .action(createToken);
  token
    .command("revoke")
    .description("forget a feed's tokens")
    .requiredOption("--city <city>")
    .requiredOption("--feed <feed>")
    .action(async ({ city, feed }: FeedOptions) => {
      await record({ action: "token.revoke", object: `token ${city}/${feed}` });
      const count = await new Tokens(dataFolder()).revoke(city, feed);
      console.log(`${count} token(s) of ${city}/${feed} revoked`);
    });
}

async function createToken({ city, feed, backfill }: FeedOptions & { backfill: boolean }): Promise<void> {
  const { Catalogue } = await import("../../lib/cities/catalogue");
  const { checkTile } = await import("../../components/widgets/check-tile");
  const catalogue = new Catalogue(citiesFolder(), checkTile);
  await catalogue.look();
  const facts = catalogue.city(city)?.facts;
  if (!facts) {
    const known = catalogue.cities().map(({ id }) => id);
    fail(`--city: "${city}" is not configured; there is ${known.join(", ") || "none"}`);
  }
  if (feed !== ANY_FEED && !facts.systems[feed])
    fail(`--feed: "${feed}" is not a system of ${city}; there is ${Object.keys(facts.systems).join(", ")}`);
  await record({ action: "token.create", object: `token ${city}/${feed}`, detail: { backfill } });
  console.log(await new Tokens(dataFolder()).create(city, feed, new Date(now()).toISOString(), { backfill }));
}
