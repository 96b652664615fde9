import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Catalogue } from "../cities/catalogue";
import { districtOf, metricOf } from "../contract/city";
import { evaluateReading } from "../contract/evaluation";
import { parseTransition, type CityEvent, type Transition } from "../contract/events";
import { ValidationError } from "../contract/readings";
import { isComputed } from "../contract/totals";
import { parseTopic } from "../contract/topics";
import { makeHistoryApi, type HistoryAsk } from "./history-api";
import { HttpError, parseBatch, readBody, sendJson } from "./http";
import type { Hub } from "./hub";
import type { BatchAnswer, Ingest } from "./ingest";
import { asyncapi, openapi } from "./api-docs";
import type { RateLimit } from "./rate-limit";
import type { Stats } from "./stats";
import type { Token, Tokens } from "./tokens";
import type { Totals } from "./totals/totals";

export interface ApiParts {
  hub: Hub;
  ingest: Ingest;
  catalogue: Catalogue;
  tokens: Tokens;
  stats: Stats;
  limit: RateLimit;
  totals: Pick<Totals, "missing">;
  /** the store of the past; null keeps none */
  history: HistoryAsk | null;
  now: () => number;
  ready: () => string | null;
  gauges: () => void;
}

type Handler = (request: IncomingMessage, response: ServerResponse, match: string[], url: URL) => Promise<void> | void;

interface Route {
  method: string;
  path: RegExp;
  handle: Handler;
}

/** The API under /api and the operation pages. Returns false for a path it does not know. */
export function makeApi(parts: ApiParts) {
  const { hub, ingest, catalogue, stats } = parts;

  async function publisher(request: IncomingMessage): Promise<Token> {
    await parts.tokens.refresh();
    const token = parts.tokens.find(request.headers.authorization);
    const wait = parts.limit.take(
      token ? `token ${token.id}` : `address ${request.socket.remoteAddress ?? ""}`,
      parts.now(),
    );
    if (wait > 0) throw new HttpError(429, "too-many-requests", `wait ${wait} s`, { "retry-after": String(wait) });
    if (!token)
      throw new HttpError(401, "no-token", "a publisher's token is needed: Authorization: Bearer <token>", {
        "www-authenticate": "Bearer",
      });
    return token;
  }

  function batch(key: string, take: (items: unknown[], token: Token, now: number) => BatchAnswer): Handler {
    return async (request, response) => {
      const token = await publisher(request);
      const body = await readBody(request);
      ingest.admit();
      const items = parseBatch(body, request.headers["content-type"], key);
      const answer = take(items, token, parts.now());
      // Acknowledged means kept: a process that is killed from here on loses none of it.
      await ingest.kept();
      const scoped =
        items.length > 0 && answer.accepted === 0 && answer.rejected.every((item) => item.reason === "out-of-scope");
      sendJson(response, scoped ? 403 : 200, answer);
    };
  }

  const transition: Handler = async (request, response, [id = ""]) => {
    const token = await publisher(request);
    const [raw] = parseBatch(`{"items":[${await readBody(request)}]}`, undefined, "items");
    ingest.admit();
    try {
      const move = parseTransition(raw, parts.now());
      const event = hub.event(move.city, decodeURIComponent(id));
      if (!event && hub.isLongClosed(move.city, decodeURIComponent(id)))
        throw new HttpError(
          409,
          "closed-long-ago",
          `event ${id} was closed days ago: send the whole event to reopen it`,
        );
      if (!event) throw new HttpError(404, "unknown-event", `${move.city} has no event ${id}`);
      ingest.admitEvent(event, token);
      if (!event.stages.includes(move.stage))
        throw new ValidationError("stage", "out-of-range", `must be one of ${event.stages.join(", ")}`);
      if (move.at < event.at)
        throw new ValidationError(
          "at",
          "out-of-range",
          `lies before the event was opened, ${new Date(event.at).toISOString()}`,
        );
      ingest.takeEvent(moved(event, move));
      await ingest.kept();
      sendJson(response, 200, hub.event(move.city, event.id));
    } catch (error) {
      if (error instanceof ValidationError)
        throw new HttpError(error.reason === "out-of-scope" ? 403 : 422, error.reason, error.message);
      throw error;
    }
  };

  const snapshot: Handler = (_request, response, _match, url) => {
    const topics = url.searchParams.getAll("topic");
    if (topics.length === 0) throw new HttpError(400, "missing", "topic: is missing");
    if (topics.length > 500) throw new HttpError(400, "too-many", "topic: at most 500 at once");
    sendJson(response, 200, {
      now: new Date(parts.now()).toISOString(),
      epoch: hub.epoch,
      topics: topics.map(describeTopic),
    });
  };

  function describeTopic(topic: string): unknown {
    const name = parseTopic(topic);
    const city = name && catalogue.city(name.city)?.facts;
    if (!name || !city) throw new HttpError(404, "unknown-topic", `topic: "${topic}" is not known`);
    const state = hub.state(topic);
    if (name.kind === "reading") {
      const metric = metricOf(city, name.metric);
      if (!metric || (name.district !== "all" && !districtOf(city, name.district)))
        throw new HttpError(404, "unknown-topic", `topic: "${topic}" is not known`);
      const { value, at, quality, freshness, suppressed, evaluatedAt } = evaluateReading(
        state?.kind === "reading" ? state.last : null,
        metric,
        name.district,
        { now: parts.now(), tolerance: 0, connected: true },
      );
      return {
        topic,
        offset: state?.offset ?? 0,
        value: suppressed === null ? value : null,
        ...(suppressed === null ? {} : { suppressed: `< ${suppressed}` }),
        at: at === null ? null : new Date(at).toISOString(),
        quality,
        freshness,
        evaluatedAt: new Date(evaluatedAt).toISOString(),
        ...(name.district === "all" && isComputed(metric)
          ? { missing: parts.totals.missing(name.city, metric.id, parts.now()) }
          : {}),
        unit: metric.unit,
        source: city.systems[metric.system]?.name ?? null,
      };
    }
    if (name.kind === "events")
      return {
        topic,
        offset: state?.offset ?? 0,
        events: state?.kind === "events" ? [...state.open.values(), ...state.closed.values()].map(eventForm) : [],
        counts: state?.kind === "events" ? [...state.counts.values()] : [],
      };
    return {
      topic,
      offset: state?.offset ?? 0,
      positions:
        state?.kind === "positions"
          ? state.ids.flatMap((id, slot) =>
              id
                ? [
                    {
                      id,
                      lon: state.lon[slot],
                      lat: state.lat[slot],
                      heading: state.heading[slot],
                      speed: state.speed[slot],
                      at: new Date(state.at[slot] ?? 0).toISOString(),
                    },
                  ]
                : [],
            )
          : [],
    };
  }

  const cities: Handler = (_request, response) => {
    sendJson(response, 200, {
      cities: catalogue.cities().map((city) => ({
        id: city.id,
        name: city.name,
        center: city.center,
        zones: city.zones,
        screens: [...catalogue.screens(city.id)]
          .filter(([, entry]) => entry.layout)
          .map(([id, entry]) => ({
            id,
            title: entry.layout?.title,
            zone: entry.layout?.zone,
            order: entry.layout?.order,
            layout: entry.layout,
            error: entry.error,
          }))
          .sort((a, b) => (a.order ?? 0) - (b.order ?? 0)),
      })),
      broken: [...catalogue.broken].map(([city, error]) => ({ city, error })),
    });
  };

  const city: Handler = (_request, response, [id = ""]) => {
    const loaded = catalogue.city(id);
    if (!loaded) throw new HttpError(404, "unknown-city", `city: "${id}" is not configured`);
    sendJson(response, 200, loaded.facts);
  };

  const screen: Handler = (_request, response, [id = "", name = ""]) => {
    const message = catalogue.message(id, name);
    if (!message) throw new HttpError(404, "unknown-screen", `screen: ${id} has no "${name}"`);
    sendJson(response, 200, message);
  };

  const map: Handler = (request, response, [id = "", what = ""]) => {
    const loaded = catalogue.city(id);
    const text =
      what === "districts"
        ? loaded?.districts
        : what === "roads"
          ? loaded?.roads
          : loaded?.subdivisions.get(what.replace(/^.*\//, ""));
    if (!text) throw new HttpError(404, "unknown-map", `${id} has no ${what}.geojson`);
    const etag = `"${createHash("sha1").update(text).digest("base64url")}"`;
    if (request.headers["if-none-match"] === etag) {
      response.writeHead(304, { etag }).end();
      return;
    }
    response
      .writeHead(200, { "content-type": "application/geo+json; charset=utf-8", etag, "cache-control": "no-cache" })
      .end(text);
  };

  const metrics: Handler = async (_request, response) => {
    parts.gauges();
    response.writeHead(200, { "content-type": stats.registry.contentType, "cache-control": "no-store" });
    response.end(await stats.registry.metrics());
  };

  const readyz: Handler = (_request, response) => {
    const reason = parts.ready();
    sendJson(response, reason ? 503 : 200, reason ? { ready: false, reason } : { ready: true });
  };

  const routes: Route[] = [
    {
      method: "POST",
      path: /^\/api\/v1\/readings$/,
      handle: batch("readings", (items, token, now) => ingest.readings(items, token, now)),
    },
    {
      method: "POST",
      path: /^\/api\/v1\/events$/,
      handle: batch("events", (items, token, now) => ingest.events(items, token, now)),
    },
    { method: "POST", path: /^\/api\/v1\/events\/([^/]+)\/transitions$/, handle: transition },
    {
      method: "POST",
      path: /^\/api\/v1\/positions$/,
      handle: batch("positions", (items, token, now) => ingest.positions(items, token, now)),
    },
    { method: "GET", path: /^\/api\/v1\/snapshot$/, handle: snapshot },
    ...makeHistoryApi({ ask: parts.history, hub, catalogue, now: parts.now }).routes,
    {
      method: "GET",
      path: /^\/api\/v1\/indicators$/,
      handle: (_request, response) =>
        sendJson(response, 200, { indicators: catalogue.indicators, error: catalogue.indicatorsError }),
    },
    { method: "GET", path: /^\/api\/v1\/cities$/, handle: cities },
    { method: "GET", path: /^\/api\/v1\/cities\/([^/]+)$/, handle: city },
    { method: "GET", path: /^\/api\/v1\/cities\/([^/]+)\/screens\/([^/]+)$/, handle: screen },
    {
      method: "GET",
      path: /^\/api\/v1\/cities\/([^/]+)\/(districts|roads|(?:subdivisions|parts)\/[A-Z\d-]{3,32})\.geojson$/,
      handle: map,
    },
    { method: "GET", path: /^\/healthz$/, handle: (_request, response) => sendJson(response, 200, { ok: true }) },
    { method: "GET", path: /^\/readyz$/, handle: readyz },
    { method: "GET", path: /^\/metrics$/, handle: metrics },
    { method: "GET", path: /^\/api\/openapi\.json$/, handle: (_request, response) => sendJson(response, 200, openapi) },
    {
      method: "GET",
      path: /^\/api\/asyncapi\.json$/,
      handle: (_request, response) => sendJson(response, 200, asyncapi),
    },
  ];

  return async function handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const url = new URL(request.url ?? "/", "http://gateway");
    const method = request.method === "HEAD" ? "GET" : request.method;
    const fitting = routes.filter((route) => route.path.test(url.pathname));
    if (fitting.length === 0 && !url.pathname.startsWith("/api/")) return false;
    const route = fitting.find((candidate) => candidate.method === method);
    if (!route) {
      if (fitting.length === 0) throw new HttpError(404, "unknown-path", `${url.pathname} is not part of the API`);
      throw new HttpError(405, "wrong-method", `${url.pathname} takes ${fitting.map((r) => r.method).join(", ")}`, {
        allow: fitting.map((r) => r.method).join(", "),
      });
    }
    await route.handle(request, response, (route.path.exec(url.pathname) ?? []).slice(1), url);
    return true;
  };
}

/** The version that a transition tells. Who has it in hand is taken over unless it is told, but not for a step of the past. */
function moved({ steps: _steps, unit, ...event }: CityEvent, { stage, at, unit: told }: Transition): CityEvent {
  const has = told ?? (at >= event.updated ? unit : undefined);
  return { ...event, stage, updated: at, ...(has === undefined ? {} : { unit: has }) };
}

function eventForm(event: CityEvent): unknown {
  const time = (at: number): string => new Date(at).toISOString();
  return {
    ...event,
    at: time(event.at),
    updated: time(event.updated),
    ...(event.steps ? { steps: event.steps.map((step) => ({ ...step, at: time(step.at) })) } : {}),
  };
}
