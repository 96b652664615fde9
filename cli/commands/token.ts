import type { Command } from "commander";
import { now } from "../../lib/clock";
import type { TokenScope } from "../../lib/control/methods/tokens";
import { LIMITS } from "../../lib/contract/api/limits";
import { ANY_FEED } from "../../lib/gateway/tokens";
import { citiesFolder, fail, number, time } from "../arguments";
import { askControl } from "../audited";

interface FeedOptions {
  city?: string;
  feed?: string;
}

interface CreateOptions extends FeedOptions {
  monitor: boolean;
  backfill: boolean;
  expires?: string;
  address?: string[];
  note: string;
}

const DAY = 86_400_000;

export function addToken(program: Command): void {
  const token = program.command("token").description("tokens of publishers, and of what looks after the gateway");
  token
    .command("create")
    .description("print a new token; it is shown once and kept only as a hash")
    .option("--city <city>", "of a publisher's")
    .option("--feed <feed>", `of a publisher's: a system of the city, or ${ANY_FEED} for all`)
    .option("--monitor", "reads /metrics, and nothing else: for Prometheus, or npx citywall doctor", false)
    .option("--backfill", "may bring readings older than 31 days, as far back as history.json keeps them", false)
    .option("--expires <when>", "when it ends: an RFC 3339 time, or days from now such as 90d")
    .option("--address <networks...>", "addresses and networks such as 10.0.0.0/8 that it may come from alone")
    .option("--note <text>", "what it is for", "")
    .action(createToken);
  token
    .command("list", { isDefault: true })
    .description("tokens with what they may do, when they end and when they were last used")
    .option("--json", "one JSON object a line", false)
    .action(listTokens);
  token
    .command("rotate <id>")
    .description("print the token that follows another; both are valid for a while")
    .option("--grace <seconds>", "for so long the older one stays valid", String(LIMITS.tokens.grace.usual))
    .action(rotateToken);
  token
    .command("revoke [id]")
    .description("take a token back, or all of a feed")
    .option("--city <city>")
    .option("--feed <feed>")
    .action(revokeTokens);
}

/** When a token ends, ms since 1970. Ends the command where that is no time ahead. */
function endOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const days = /^(\d{1,5})d$/.exec(text)?.[1];
  return days === undefined ? time(text, "--expires") : now() + Number(days) * DAY;
}

/** What a token is to be for. Ends the command by its option where there can be none. */
async function scopeOf({ monitor, city, feed, backfill }: CreateOptions): Promise<TokenScope> {
  if (monitor) {
    const given = Object.entries({ city, feed, backfill: backfill || undefined });
    const [option] = given.find(([, value]) => value !== undefined) ?? [];
    if (option !== undefined)
      fail(`--${option}: is of a publisher's token; --monitor makes one that publishes nothing`);
    return { kind: "monitor", city: null, feed: null, backfill: false };
  }
  if (city === undefined || feed === undefined)
    fail(`--${city === undefined ? "city" : "feed"}: is missing; or --monitor for a token that reads /metrics alone`);
  const [{ Catalogue }, { checkTile }, { feedFault }] = await Promise.all([
    import("../../lib/cities/catalogue"),
    import("../../components/widgets/check-tile"),
    import("../../lib/gateway/tokens-api"),
  ]);
  const catalogue = new Catalogue(citiesFolder(), checkTile);
  await catalogue.look();
  const fault = feedFault(catalogue, { city, feed });
  if (fault) fail(`--${fault.field}: ${fault.detail}`);
  return { kind: "publish", city, feed, backfill };
}

async function createToken(options: CreateOptions): Promise<void> {
  const scope = await scopeOf(options);
  const { expires, address, note } = options;
  const { isNetwork } = await import("../../lib/gateway/visitor");
  for (const one of address ?? [])
    if (!isNetwork(one)) fail(`--address: "${one}" is no address, nor a network such as 10.0.0.0/8`);
  if (note.length > LIMITS.tokens.note) fail(`--note: must have at most ${LIMITS.tokens.note} characters`);
  const wish = { ...scope, expires: endOf(expires), addresses: address ?? null, note };
  const { secret } = await askControl((ask, by) => ask("tokenCreate", { ...wish, by }));
  console.log(secret);
}

const iso = (at: number | null): string => (at === null ? "never" : new Date(at).toISOString());

async function listTokens({ json }: { json: boolean }): Promise<void> {
  const asked = now();
  for (const token of await askControl((ask) => ask("tokenList", {}))) {
    if (json) {
      console.log(JSON.stringify(token));
      continue;
    }
    const { id, kind, city, feed, backfill, expires, used, addresses, replacedBy, note, madeBy } = token;
    const ended = expires !== null && expires <= asked;
    const told = [
      id,
      kind === "monitor" ? kind : `${city}/${feed}`,
      ended ? `ended ${iso(expires)}` : `ends ${iso(expires)}`,
      `used ${iso(used)}`,
      ...(backfill ? ["backfill"] : []),
      ...(addresses ? [`from ${addresses.join(", ")}`] : []),
      ...(replacedBy ? [`followed by ${replacedBy}`] : []),
      `made by ${madeBy}`,
      ...(note ? [note] : []),
    ];
    console.log(told.join("  "));
  }
}

async function rotateToken(id: string, { grace }: { grace: string }): Promise<void> {
  const seconds = number(grace, "--grace");
  const { most } = LIMITS.tokens.grace;
  if (seconds < 0 || seconds > most) fail(`--grace: must be 0 to ${most} seconds`);
  const made = await askControl((ask, by) => ask("tokenRotate", { by, id, grace: Math.round(seconds * 1_000) }));
  console.log(made.secret);
  console.error(`citywall: token ${id} ends at ${iso(made.until)}; ${made.token.id} takes its place`);
}

async function revokeTokens(id: string | undefined, { city, feed }: FeedOptions): Promise<void> {
  if (id !== undefined) {
    if (city !== undefined || feed !== undefined) fail("--city, --feed: an id says which token already");
    await askControl((ask, by) => ask("tokenRevoke", { by, id }));
    return console.log(`token ${id} revoked`);
  }
  if (city === undefined || feed === undefined) fail("name a token by its id, or all of a feed by --city and --feed");
  const count = await askControl((ask, by) => ask("tokensRevoke", { by, city, feed }));
  console.log(`${count} token(s) of ${city}/${feed} revoked`);
}
