import type { IncomingMessage } from "node:http";
import { monotonic } from "../clock";
import { ROUTES } from "../contract/api";
import { LIMITS } from "../contract/api/limits";
import type { RouteSchema } from "../contract/api/route";
import { PAGES_KEY } from "../contract/page-headers";
import { addressOf } from "./visitor";
import { tooMany } from "./http";
import { RateLimit } from "./rate-limit";

const { costs, burstSeconds, kept, rate: USUAL } = LIMITS.addresses;

/** What is posted in batches has a limit of its own, by token, and by address where there is no valid one. */
const BATCHES = new Set<string>(
  (Object.values(ROUTES) as RouteSchema[]).filter(({ batch }) => batch).map(({ path }) => path),
);
/** Where the build's files are, and the archives of maps, of which a wall asks for many small parts. */
const FILES = /^\/(?:_next\/static|fonts|vendor|api\/v1\/cities\/[^/?]+\/maps)\//;

/**
 * How much each address may ask for, whatever it is, before any work is done for it. What is costly counts for more: a page
 * is rendered, a file is only sent.
 */
export class AddressLimit {
  private readonly limit: RateLimit;

  /**
   * @param rate questions a second, over time @param key what the pages' process says to be let through
   * @param clock ms of a clock that never jumps
   */
  constructor(
    rate: number = USUAL,
    private readonly key: string | null = null,
    private readonly clock: () => number = monotonic,
  ) {
    this.limit = new RateLimit(rate, rate * burstSeconds, kept);
  }

  /** Counts a request as it comes. @throws HttpError 429 */
  count(request: IncomingMessage): void {
    const { method, url = "", headers } = request;
    if (this.key !== null && headers[PAGES_KEY] === this.key) return;
    if (method === "POST" && BATCHES.has(url.split("?", 1)[0] as string)) return;
    this.take(request, FILES.test(url) ? costs.file : costs.question);
  }

  /** Counts the rest of what a page costs, before it is rendered. @throws HttpError 429 */
  countPage(request: IncomingMessage): void {
    this.take(request, costs.page - costs.question);
  }

  private take(request: IncomingMessage, cost: number): void {
    const wait = this.limit.take(addressOf(request), this.clock(), cost);
    if (wait > 0) throw tooMany(wait);
  }
}
