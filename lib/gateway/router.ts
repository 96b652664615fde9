import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono, type Context } from "hono";
import type { z } from "zod";
import { isEnrolling, may, mayAnywhere, toldOf, type Principal } from "../contract/rights";
import { ROUTES, type RouteName, type Routes } from "../contract/api";
import type { InputOf, JsonReply, RouteSchema } from "../contract/api/route";
import { PROBLEM_TYPE } from "../contract/api/problem";
import { sendCacheable, type RareReply } from "./cacheable";
import { addressOf } from "./visitor";
import { checked, readObject, readQuery } from "./checks";
import { hiding, HttpError, isOfRights, JSON_HEADERS, problemOf, sendError, tooMany } from "./http";
import { jsonPieces, sendPieces, type Pieces } from "./pieces";
import { mustBeAllowed, NOBODY, noRight } from "./principals";
import { RateLimit } from "./rate-limit";
import { sendStored, type StoredReply } from "./stored-file";
import { unknownCity } from "./topic-check";

/**
 * The raw request, whose body is still to be read, and the response, on which a handler may hear that the asker hung
 * up.
 */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  /** who asks; of a batch, whose token says that, nobody */
  who: Principal;
}

/** An answer that is no JSON. */
export interface FileReply {
  status: number;
  type: string;
  /** sent as they are taken, see `sendPieces` */
  pieces: Pieces;
  headers?: Record<string, string>;
}

type Reply<R extends RouteSchema> = JsonReply<R> | FileReply | RareReply | StoredReply;
type Handler<R extends RouteSchema> = (input: InputOf<R>, exchange: Exchange) => Reply<R> | Promise<Reply<R>>;
/** A function for each of the named operations. */
export type Handlers<N extends RouteName = RouteName> = { [K in N]: Handler<Routes[K]> };

type AnyReply = JsonReply<RouteSchema> | FileReply | RareReply | StoredReply;
type AnyHandler = (input: object, exchange: Exchange) => AnyReply | Promise<AnyReply>;
type Env = { Bindings: HttpBindings };

/** Paths outside /api/ that are the gateway's own. */
const OPERATION = new Set<string>(Object.values(ROUTES).map(({ path }) => path));

/** A path as the documents write it, for the router: `{adcode}.geojson` is one segment that ends so. */
function routerPath(path: string): string {
  return path.replace(/\{(\w+)\}(\.\w+)?/g, (_all, name: string, suffix?: string) =>
    suffix === undefined ? `:${name}` : `:${name}{[^/]+\\${suffix}}`,
  );
}

/** The names in a request's path; what the path says behind a name is no part of it. */
function paramsOf(context: Context<Env>, { path, params }: RouteSchema): Record<string, string> {
  const names = Object.keys(params?.shape ?? {});
  return Object.fromEntries(
    names.map((name) => {
      const suffix = new RegExp(`\\{${name}\\}(\\.\\w+)`).exec(path)?.[1] ?? "";
      const text = context.req.param(name) ?? "";
      return [name, text.slice(0, text.length - suffix.length)];
    }),
  );
}

function pathOf(url: string): string {
  if (url.startsWith("/")) return url.split("?", 1)[0] as string;
  return URL.canParse(url) ? new URL(url).pathname : "";
}

async function send({ request, response }: Pick<Exchange, "request" | "response">, reply: AnyReply): Promise<void> {
  if ("rare" in reply) return sendCacheable(request, response, reply.rare, reply.type);
  if ("stored" in reply) return sendStored(request, response, reply);
  if ("type" in reply) {
    const { status, type, pieces, headers } = reply;
    return sendPieces(response, status, { "content-type": type, "cache-control": "no-store", ...headers }, pieces);
  }
  const { status, body, headers } = reply;
  return sendPieces(response, status, { ...JSON_HEADERS, ...headers }, jsonPieces(body));
}

/** Counts requests by address, for the routes that say how many one may make. */
class AddressLimits {
  private readonly limits = new Map<RouteSchema["limit"], RateLimit>();

  constructor(private readonly now: () => number) {}

  /** @throws HttpError 429 */
  count(request: IncomingMessage, { limit }: RouteSchema): void {
    if (!limit) return;
    let counted = this.limits.get(limit);
    if (!counted) this.limits.set(limit, (counted = new RateLimit(limit.rate, limit.burst)));
    const wait = counted.take(addressOf(request), this.now());
    if (wait > 0) throw tooMany(wait);
  }
}

/**
 * Holds who comes to a route's rule. What is asked for by name is for the handler to look at, one by one.
 * @throws HttpError 401, 403, 404
 */
function keepRule(who: Principal, { rule }: RouteSchema, params: Record<string, string>): void {
  if (rule === "anyone" || rule === "token") return;
  if (rule === "self" || rule === "enrol") {
    if (who.kind === "anonymous" || who.kind === "monitor") throw noRight(who);
    if (rule === "self" && isEnrolling(who)) throw noRight(who);
    return;
  }
  // Not even told whether a city is there.
  if (isEnrolling(who)) throw noRight(who);
  const { city } = params;
  if (rule.of === "installation") mustBeAllowed(who, rule.may);
  else if (rule.of === "asked") {
    // Who may do it nowhere is not even told whether what he asks for is there.
    if (!mayAnywhere(who, rule.may)) throw noRight(who);
  } else if (city === undefined) throw new Error("a rule about a city is for a path that names one");
  else if (!may(who, rule.may, { city })) {
    // What somebody may not know of is as if it were not there.
    if (who.kind === "anonymous") throw noRight(who);
    throw hiding(unknownCity(city));
  }
}

type Serving = Pick<RouterOptions, "identify" | "denied" | "held">;

/** What a route is called where people read of it. */
const namedRoute = ({ method, path }: RouteSchema): string => `${method.toUpperCase()} ${path}`;

async function serve(
  context: Context<Env>,
  schema: RouteSchema,
  handler: AnyHandler,
  { identify, denied, held }: Serving,
): Promise<Response> {
  const { incoming: request, outgoing: response } = context.env;
  const params = paramsOf(context, schema);
  const isAsked = schema.rule !== "anyone" && schema.rule !== "token";
  const token = typeof schema.rule === "object" ? schema.rule.token : undefined;
  let who = isAsked ? await identify(request, token) : NOBODY;
  try {
    keepRule(who, schema, params);
    const input = {
      params,
      query: schema.query ? checked(schema.query, readQuery(schema.query, request.url ?? ""), schema.codes) : {},
      body: schema.body ? checked(schema.body as z.ZodType<object>, await readObject(request, response)) : {},
    };
    if (isAsked && schema.body) {
      // A body takes as long as its sender wants: what he could do when he began he may not any more.
      who = await identify(request, token);
      keepRule(who, schema, params);
    }
    const exchange = { request, response, who };
    if (isTelling(schema)) held?.(exchange);
    await send(exchange, await handler(input, exchange));
  } catch (error) {
    if (isDenied(error, schema)) denied({ who: toldOf(who), route: namedRoute(schema), request });
    throw error;
  }
  return RESPONSE_ALREADY_SENT;
}

/** Whether a route tells what somebody may look at, and changes nothing. */
function isTelling({ method, rule }: RouteSchema): boolean {
  return typeof rule === "object" && (method === "get" || rule.may === "look");
}

/** Whether a refusal is one of rights. Where one proves who one is, what is refused there is told by what proves it. */
function isDenied(error: unknown, { rule }: RouteSchema): boolean {
  return rule !== "anyone" && rule !== "token" && isOfRights(error);
}

/** A batch, from the raw request. @param refused told why, where it is */
async function serveBatch(handler: AnyHandler, exchange: Exchange, refused: (error: unknown) => void): Promise<void> {
  try {
    await send(exchange, await handler({ params: {}, query: {}, body: {} }, exchange));
  } catch (error) {
    refused(error);
    sendError(exchange.response, error);
  }
}

/** An address that cannot be read at all never reaches a route. */
function unreadable(): Response {
  const error = new HttpError(400, "unreadable", "the address is not valid");
  return new Response(JSON.stringify(problemOf(error)), { status: 400, headers: { "content-type": PROBLEM_TYPE } });
}

/** What a router needs besides its handlers. */
export interface RouterOptions {
  /** who makes a request. @param token the kind of token by which a program may be known */
  identify: (request: IncomingMessage, token?: "monitor") => Principal | Promise<Principal>;
  /** told of each answer that somebody may have by what he may look at, as it begins; left out, nobody ever may do less */
  held?: (exchange: Exchange) => void;
  /** told the status of every refusal */
  refused: (error: unknown) => void;
  /** told who was refused what for want of a right */
  denied: (denied: { who: string; route: string; request: IncomingMessage }) => void;
  now: () => number;
}

/**
 * The routes of the contract, each with its handler. Handlers get what was checked and give what is sent; batches are
 * read and judged by their handlers, from the raw request.
 */
export function makeRouter(handlers: Handlers, options: RouterOptions) {
  const { refused, now } = options;
  const limits = new AddressLimits(now);
  const app = new Hono<Env>();
  const methods = new Map<string, string[]>();
  /**
   * by path: what is posted in batches is most of all requests by far, and has nothing that a router would look for or
   * check
   */
  const batches = new Map<string, AnyHandler>();
  for (const [name, schema] of Object.entries(ROUTES) as [RouteName, RouteSchema][]) {
    const path = routerPath(schema.path);
    const method = schema.method.toUpperCase();
    const handler = handlers[name] as AnyHandler;
    if (schema.batch) batches.set(schema.path, handler);
    else
      app.on(method, path, (context) => {
        limits.count(context.env.incoming, schema);
        return serve(context, schema, handler, options);
      });
    methods.set(path, [...(methods.get(path) ?? []), method]);
  }
  for (const [path, taken] of methods)
    app.all(path, (context) => {
      const allow = taken.join(", ");
      throw new HttpError(405, "wrong-method", `${pathOf(context.env.incoming.url ?? "")} takes ${allow}`, { allow });
    });
  app.notFound((context) => {
    throw new HttpError(404, "unknown-path", `${pathOf(context.env.incoming.url ?? "")} is not part of the API`);
  });
  app.onError((error, context) => {
    refused(error);
    sendError(context.env.outgoing, error);
    return RESPONSE_ALREADY_SENT;
  });
  const listener = getRequestListener(app.fetch, {
    hostname: "gateway",
    // Answers are written to the raw response; other code of this process keeps Node's own Request and Response.
    overrideGlobalObjects: false,
    errorHandler: unreadable,
  });
  return {
    /** Whether a request is for the API and not for the pages. */
    takes(request: IncomingMessage): boolean {
      const path = pathOf(request.url ?? "");
      return path.startsWith("/api/") || OPERATION.has(path);
    },
    handle(request: IncomingMessage, response: ServerResponse): void {
      const batch = request.method === "POST" ? batches.get(pathOf(request.url ?? "")) : undefined;
      if (batch) void serveBatch(batch, { request, response, who: NOBODY }, refused);
      else void listener(request, response);
    },
  };
}
