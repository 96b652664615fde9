import type { ChildProcess } from "node:child_process";
import type { IncomingMessage, Server as HttpServer, ServerResponse } from "node:http";
import path from "node:path";
import { Server } from "socket.io";
import { Catalogue } from "../cities/catalogue";
import type { TileCheck } from "../cities/load";
import { after, every, localDate, now as clockNow } from "../clock";
import { LIMITS } from "../contract/api/limits";
import type { ScreenMessage, StoreMessage } from "../contract/socket-messages";
import * as parser from "../contract/parser";
import { makeApi } from "./api";
import { keepFor, type HistoryConfig } from "../history/config";
import { journalFolder } from "../history/writer/journal";
import { History } from "../history/client/history";
import { compressAnswer } from "./compression";
import { HttpError, refusalOf, sameOrigin, sendError } from "./http";
import { Hub } from "./hub";
import { Ingest } from "./ingest";
import { RecentFile } from "./recent-file";
import { isLoopback, Listening } from "./listening";
import { screenRoom, serveLive } from "./live";
import { Outbox } from "./outbox";
import { makePagePass, PagesWatch, passUpgrade } from "./pages";
import { makeReadiness } from "./readiness";
import { RateLimit } from "./rate-limit";
import { makeStaticFiles } from "./static-files";
import { makeStats } from "./stats";
import { Tokens } from "./tokens";
import { findTopic } from "./topic-check";
import { Totals } from "./totals/totals";

export interface GatewayOptions {
  host: string;
  /** 0 picks a free port */
  port: number;
  /** folder for what is kept */
  data: string;
  /** folder of city folders */
  cities: string;
  /** Next's port on loopback; null serves no pages */
  pagesPort: number | null;
  /** folder of public/ and .next/, whose files are served from disk; left out, the pages' process serves them */
  files?: string;
  checkTile: TileCheck;
  /** let anybody read, although other machines can reach it */
  open: boolean;
  /** build of the pages, told to walls so that they notice a new one */
  build: string;
  /** publisher requests a second, per token */
  rate?: number;
  /** ms between two outbox ticks */
  tick?: number;
  now?: () => number;
  /** keeps the past; left out, nothing older than the recent hours is kept */
  history?: { config: HistoryConfig; launch: () => ChildProcess };
}

export interface Gateway {
  port: number;
  hub: Hub;
  history: History | null;
  outbox: Outbox;
  catalogue: Catalogue;
  tokens: Tokens;
  close(): Promise<void>;
}

const TICK = 50;
const SAVE_EVERY = 30_000;
/** Most ms that requests in flight have to end when the gateway closes. */
const DRAIN = 5_000;

/** Opens the one public server: live socket, API and pages on one port. @throws when it would be open to others unasked */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  if (!isLoopback(options.host) && !options.open) {
    throw new Error(
      `HOST: ${options.host} can be reached from other machines and there is no sign-in yet; set CITYWALL_OPEN=1 to let everybody there read, or HOST=127.0.0.1`,
    );
  }
  const listening = await Listening.open(options.host, options.port);
  try {
    return await openOn(listening, options);
  } catch (error) {
    listening.close();
    throw error;
  }
}

async function openOn(listening: Listening, options: GatewayOptions): Promise<Gateway> {
  const now = options.now ?? clockNow;
  const started = now();
  const hub = new Hub(started, (city, at) => localDate(at, catalogue.city(city)?.facts.timeZone ?? "UTC"));
  const stats = makeStats();
  const tokens = new Tokens(options.data);
  await tokens.refresh();
  const catalogue = new Catalogue(options.cities, options.checkTile);
  await catalogue.open();
  const recent = new RecentFile(options.data);
  await recent.restore(hub);
  // What came after the file was written is in the journal: nothing that was acknowledged is missing once the server listens.
  if (options.history) await recent.replay(hub, journalFolder(options.data));
  hub.forget(started);
  hub.drain();

  const outbox = new Outbox(hub, (topic) => findTopic(catalogue, topic) !== null);
  const save = (): Promise<void> => recent.save(hub, history?.journal ?? null, history?.recorder.recordedTo);
  const trySave = (): void =>
    void save().catch((error: unknown) =>
      console.error("gateway: could not keep recent readings:", (error as Error).message),
    );
  const history = options.history
    ? new History({ data: options.data, now, recent, crowded: trySave, ...options.history })
    : null;
  const totals = new Totals(
    {
      hub,
      now,
      later: after,
      file: history ? path.join(options.data, "totals.json") : null,
      history:
        history && options.history
          ? { recorder: history.recorder, ask: history.remote, keptFor: keepFor(options.history.config, "readings") }
          : null,
    },
    catalogue.cities(),
  );
  const ingest = new Ingest(
    hub,
    stats,
    (id) => catalogue.city(id)?.facts,
    history?.recorder ?? null,
    options.history ? keepFor(options.history.config, "readings") : undefined,
    totals,
  );
  const rate = options.rate ?? 100;
  const pages = options.pagesPort === null ? null : new PagesWatch(options.pagesPort);
  const api = makeApi({
    hub,
    ingest,
    totals,
    catalogue,
    tokens,
    stats,
    now,
    history: history?.remote ?? null,
    limit: new RateLimit(rate, rate * 4),
    ready: makeReadiness({ catalogue, history, pages }),
    gauges: () => setGauges(),
  });
  const pass = options.pagesPort === null ? null : makePagePass(options.pagesPort);
  const files = options.files === undefined ? null : makeStaticFiles(options.files);

  function setGauges(): void {
    stats.clients.set(outbox.clients);
    stats.frames.set(outbox.stats.frames);
    stats.bytes.set(outbox.stats.bytes);
    stats.skipped.set(outbox.stats.skipped);
    stats.coalesced.set(hub.coalesced);
    for (const [kind, count] of Object.entries(hub.sizes())) stats.topics.set({ kind }, count);
    if (history) {
      stats.journal.set(history.journal.bytes);
      stats.refusing.set(history.recorder.refusal ? 1 : 0);
      stats.notRetained.set(history.recorder.refused);
      stats.stored.set(history.remote.state.taken);
      stats.storeUp.set(history.state.state === "ok" ? 1 : 0);
    }
    stats.memory.set(process.memoryUsage.rss());
    stats.uptime.set((now() - started) / 1000);
  }

  async function answerPage(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (await files?.(request, response)) return;
    if (pass) pass(request, response);
    else throw new HttpError(404, "unknown-path", "no pages are served here");
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    compressAnswer(request, response);
    if (api.takes(request)) return api.handle(request, response);
    answerPage(request, response).catch((error: unknown) => {
      stats.requests.inc({ status: String(refusalOf(error).status) });
      sendError(response, error);
    });
  }

  listening.serve(answer);
  const io = attachLive(listening.server);
  listening.server.on("upgrade", (request, socket, head) => {
    if (request.url?.startsWith("/live/")) return;
    if (options.pagesPort !== null && request.url?.startsWith("/_next/"))
      passUpgrade(options.pagesPort, request, socket, head);
    else socket.destroy();
  });

  function attachLive(http: HttpServer): Server {
    const live = new Server(http, {
      path: "/live",
      serveClient: false,
      transports: ["websocket"],
      parser: parser as never,
      maxHttpBufferSize: LIMITS.message,
      pingInterval: 20_000,
      pingTimeout: 10_000,
      perMessageDeflate: false,
      destroyUpgrade: false,
      allowRequest: (request, decide) => decide(null, sameOrigin(request)),
    });
    const store = (): StoreMessage | null => history?.state ?? null;
    live.on("connection", (socket) => serveLive(socket, { hub, outbox, catalogue, store, build: options.build, now }));
    return live;
  }

  history?.onState((message) => io.emit("store", message));
  if (history) {
    const keep = ({ city, screen, layout }: ScreenMessage): void => {
      if (layout) history.recorder.screen(city, screen, layout);
    };
    for (const city of catalogue.cities())
      for (const screen of catalogue.screens(city.id).keys()) keep(catalogue.message(city.id, screen) as ScreenMessage);
    catalogue.onScreen(keep);
  }
  catalogue.onScreen((message) => io.to(screenRoom(message.city, message.screen)).emit("screen", message));

  const stops = [
    every(options.tick ?? TICK, () => {
      const end = stats.tick.startTimer();
      outbox.tick(now());
      end();
    }),
    every(60_000, () => hub.forget(now())),
    every(SAVE_EVERY, trySave),
  ];

  return {
    port: listening.port,
    hub,
    history,
    outbox,
    catalogue,
    tokens,
    async close() {
      await listening.drain(DRAIN);
      for (const stop of stops) stop();
      catalogue.close();
      pages?.close();
      await totals.close();
      await recent.settled();
      await save().catch((error: unknown) =>
        console.error("gateway: could not keep recent readings:", (error as Error).message),
      );
      // Live connections are told; how long the other side takes to close them is not waited for.
      void io.close();
      await history?.close();
      listening.close();
    },
  };
}
