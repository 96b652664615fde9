import type { ChildProcess } from "node:child_process";
import path from "node:path";
import type { Server as LiveServer } from "socket.io";
import { Catalogue } from "../cities/catalogue";
import { letGoOf } from "../files/lock";
import type { SpaceLimits } from "../files/space";
import type { TileCheck } from "../cities/load";
import { after, every, localDate, monotonic, now as clockNow, pause } from "../clock";
import type { CityFacts } from "../contract/city";
import type { Screen } from "../contract/screens";
import type { ControlAsk } from "../control/remote";
import type { ClockMessage, ScreenMessage, StoreStanding } from "../contract/socket-messages";
import { AddressLimit } from "./address-limit";
import { makeAnswer, makeUpgrade } from "./answer";
import { makeApi, type ApiParts } from "./api";
import { Backups } from "./backups";
import { BaseMaps } from "./base-maps";
import type { BearerParts } from "./bearer";
import { keepFor, type HistoryConfig } from "../history/config";
import { journalFolder } from "../history/writer/journal";
import { History } from "../history/client/history";
import { ClockWatch, followClock } from "./clock-watch";
import { ConfigurationLog } from "./configuration-log";
import { fileHere, filesApart } from "./export-files";
import { Hub } from "./hub";
import { Ingest } from "./ingest";
import { dataLock, holdDataFolder } from "./data-folder";
import { Descriptors } from "./descriptors";
import { RecentFile } from "./recent-file";
import { Certificate, type CertificateFiles } from "./certificate";
import { makeGate } from "./gate";
import { Hosts } from "./hosts";
import { isLoopback } from "./address";
import { Listening } from "./listening";
import { LiveDisplays } from "./live-displays";
import { openLive, tellStore, toScreen, type LiveDoor } from "./live";
import { OpenAnswers } from "./open-answers";
import { Outbox } from "./outbox";
import type { PagesAt } from "./pages";
import { PagesWatch } from "./pages-watch";
import { makeReadiness } from "./readiness";
import { RateLimit } from "./rate-limit";
import { addCertificate, makeStats, setGauges, type Stats } from "./stats";
import { identifying } from "./identify";
import { LOCAL, Principals } from "./principals";
import { Refusals } from "./refusals";
import { Tokens, tokensOfControl, type Token, type TokenSource } from "./tokens";
import { findTopic } from "./topic-check";
import { Totals } from "./totals/totals";
import { Proxies } from "./visitor";

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
  /** the pages are rebuilt as files change */
  dev?: boolean;
  /** names and addresses it is reached by besides its own, as behind a proxy */
  hosts?: readonly string[];
  /** folder of public/ and .next/, whose files are served from disk; left out, the pages' process serves them */
  files?: string;
  /** speaks TLS on the port, and nothing else to other machines; left out, it speaks none */
  tls?: CertificateFiles;
  /** addresses and networks of proxies whose word of who asks is believed */
  trustedProxies?: readonly string[];
  checkTile: TileCheck;
  /** topics that a layout shows of its city */
  screenTopics?: (layout: Screen, city: CityFacts) => string[];
  /** the control data: who may do what, and the audit log; left out, nobody signs in and nothing is audited */
  control?: ControlAsk;
  /** publishers' tokens; left out, those of the control data */
  tokens?: TokenSource;
  /** tokens that hold as long as this gateway runs and are kept nowhere, such as those of mock feeds */
  ownTokens?: readonly Token[];
  /** everybody has to sign in, who sits at this machine as well; needed where other machines can reach it */
  closed?: boolean;
  /** build of the pages, told to walls so that they notice a new one */
  build: string;
  /** publisher requests a second, per token */
  rate?: number;
  /** what one address may ask for a second, over time */
  addressRate?: number;
  /** what the pages' process says to be let through, as visitors are counted when they ask for a page, and what it is asked with */
  pagesKey?: string;
  /** ms between two outbox ticks */
  tick?: number;
  now?: () => number;
  /** keeps the past; left out, nothing older than the recent hours is kept */
  history?: { config: HistoryConfig; launch: () => ChildProcess };
  /** room on the disk that is watched, bytes; left out, it is not */
  space?: SpaceLimits;
  /** starts a process that makes a file, see `filesApart`; left out, files are made in this one */
  exporter?: () => ChildProcess;
}

export interface Gateway {
  port: number;
  hub: Hub;
  history: History | null;
  outbox: Outbox;
  catalogue: Catalogue;
  close(): Promise<void>;
}

const TICK = 50;
const SAVE_EVERY = 30_000;
/** How often it is kept when tokens were last used, and looked which refusals are to be written, ms. */
const USES_EVERY = 60_000;
const REFUSALS_EVERY = 5_000;
/** How often it is looked at what waits in live connections, ms. */
const LOOK_EVERY = 1_000;
/** Most ms that the control data have to be told what was not yet. */
const LAST_WORDS = 2_000;
/** Most ms that requests in flight have to end when the gateway closes. */
const DRAIN = 5_000;

/**
 * Opens the one public server: live socket, API and pages on one port.
 * @throws when it would be open to others unasked
 */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  if (!isLoopback(options.host) && !options.closed)
    throw new Error(`HOST: ${options.host} can be reached from other machines, so everybody has to sign in`);
  const certificate = options.tls ? Certificate.open(options.tls, options.now) : null;
  try {
    const listening = await Listening.open(options.host, options.port, certificate);
    try {
      await holdDataFolder(options.data);
      return await openOn(listening, certificate, options);
    } catch (error) {
      listening.close();
      letGoOf(dataLock(options.data));
      throw error;
    }
  } catch (error) {
    certificate?.close();
    throw error;
  }
}

/** What a run holds from the one before it, and from its configuration. */
async function restoreState(options: GatewayOptions, started: number) {
  const hub = new Hub(started, (city, at) => localDate(at, catalogue.city(city)?.facts.timeZone ?? "UTC"));
  const tokens = openTokens(options);
  await tokens.open();
  const catalogue = new Catalogue(options.cities, options.checkTile);
  await catalogue.open();
  const maps = new BaseMaps(options.data);
  await maps.open();
  const recent = new RecentFile(options.data);
  await recent.restore(hub);
  // What came after the file was written is in the journal: nothing that was acknowledged is missing once the server
  // listens.
  if (options.history) await recent.replay(hub, journalFolder(options.data));
  hub.forget(started);
  // An earlier run's clock may have been wrong.
  hub.dropFuture(started);
  hub.drain();
  return { hub, tokens, catalogue, maps, recent };
}

async function openOn(
  listening: Listening,
  certificate: Certificate | null,
  options: GatewayOptions,
): Promise<Gateway> {
  const { now = clockNow, build } = options;
  const [started, began] = [now(), monotonic()];
  const stats = makeStats();
  const { hub, tokens, catalogue, maps, recent } = await restoreState(options, started);
  const outbox = new Outbox(hub, (topic) => findTopic(catalogue, topic) !== null);
  const { history, save } = keepPast(options, recent, hub, now);
  const { totals, ingest } = makeIntake(options, { hub, stats, catalogue, history, now });
  const pages = pagesAt(options);
  const [watch, descriptors, clockWatch] = [pages && new PagesWatch(pages), new Descriptors(), new ClockWatch(now)];
  const { refusals, configuration } = makeAudited(options, catalogue);
  const clock = (): ClockMessage | null => clockWatch.told();
  const store = (): StoreStanding | null => history?.state ?? null;
  const principals = closedTo(options, catalogue, now);
  const bearer: BearerParts = { tokens, refusals, now, limit: tokenLimit(options) };
  const displays = options.control ? new LiveDisplays(options.control) : null;
  const live = openLive({ hub, outbox, catalogue, store, clock, displays, refusals, build, principals, now });
  const { io, guard, rights } = live;
  const api = makeApi({
    ...whoComes(options, principals, bearer),
    ...bearer,
    build,
    hub,
    ingest,
    totals,
    catalogue,
    maps,
    stats,
    history: history?.remote ?? null,
    makeFile: options.exporter ? filesApart(options.exporter) : fileHere,
    ready: makeReadiness({ catalogue, history, pages: watch, clock, tokens, descriptors, maps, certificate }),
    gauges: () => setGauges(stats, { outbox, guard, hub, history, descriptors, clock: clockWatch, began }),
  });
  serve(listening, options, { api, stats, pages, live, principals });
  if (certificate) addCertificate(stats, certificate);

  if (history) recordScreens(catalogue, history);
  tellWalls(io, history, catalogue, rights);
  const follow = (): void => {
    const message = followClock(clockWatch, hub);
    if (message) io.emit("clock", message);
  };
  const backups = new Backups({ data: options.data, history, waiting: () => totals.waitingText(), now });
  const rounds = { outbox, hub, follow, stats, live, backups, now, save, tokens, refusals, configuration };
  const stopRounds = startRounds(options.tick ?? TICK, rounds);

  async function close(): Promise<void> {
    await listening.drain(DRAIN);
    stopRounds();
    await backups.close();
    catalogue.close();
    await maps.close();
    certificate?.close();
    watch?.close();
    await totals.close();
    await recent.settled();
    await save();
    // Live connections are told; how long the other side takes to close them is not waited for.
    void io.close();
    await history?.close();
    await lastWords(tokens.close(), refusals?.flush(true), configuration?.settled());
    await options.control?.close();
    listening.close();
    letGoOf(dataLock(options.data));
  }

  return { port: listening.port, hub, history, outbox, catalogue, close };
}

/** Where the pages' process is; null where no pages are served. */
function pagesAt({ pagesPort, dev, pagesKey }: GatewayOptions): PagesAt | null {
  return pagesPort === null ? null : { port: pagesPort, dev, ...(pagesKey === undefined ? {} : { key: pagesKey }) };
}

/** Tokens of programs, by what was known last. */
function openTokens({ control, tokens, ownTokens = [], data, now = clockNow }: GatewayOptions): Tokens {
  const source = tokens ?? (control ? tokensOfControl(control) : null);
  return new Tokens({ source, own: ownTokens, file: tokens ? null : path.join(data, "tokens.known.json"), now });
}

/** What counts refusals, and what sees files change, for the audit log; null where there is none. */
function makeAudited({ control, cities: root }: GatewayOptions, catalogue: Catalogue) {
  if (!control) return { refusals: null, configuration: null };
  const refusals = new Refusals((deed) => control.call("auditAppend", deed));
  return { refusals, configuration: new ConfigurationLog({ root, catalogue, control }) };
}

/** Waits until the control data were told what they were not yet, for as long as they have for it. */
async function lastWords(...told: (Promise<unknown> | undefined)[]): Promise<void> {
  const all = told.filter((one) => one !== undefined);
  await Promise.race([Promise.all(all).catch(() => {}), pause(LAST_WORDS)]);
}

/** Requests with one token, a second and at once. */
function tokenLimit({ rate = 100 }: GatewayOptions): RateLimit {
  return new RateLimit(rate, rate * 4);
}

/** What the API goes by of who comes. */
function whoComes({ control }: GatewayOptions, principals: Principals | null, bearer: BearerParts) {
  const identify: ApiParts["identify"] = principals ? identifying(principals, bearer) : () => LOCAL;
  const answers = principals && new OpenAnswers(principals);
  const held: ApiParts["held"] = answers ? (exchange) => answers.hold(exchange) : undefined;
  return { identify, held, control: control ?? null, closed: principals !== null };
}

/** Tells who comes, where that has to be known; null where whoever comes may do everything. */
function closedTo(
  { closed, control, screenTopics }: GatewayOptions,
  catalogue: Catalogue,
  now: () => number,
): Principals | null {
  if (!closed) return null;
  if (!control || !screenTopics) throw new Error("without control data nobody could sign in");
  const shown = new WeakMap<Screen, { facts: CityFacts; topics: ReadonlySet<string> }>();
  const topicsOf = (city: string, screen: string): ReadonlySet<string> | null => {
    const facts = catalogue.city(city)?.facts;
    const layout = catalogue.message(city, screen)?.layout;
    if (!facts || !layout) return null;
    const known = shown.get(layout);
    if (known?.facts === facts) return known.topics;
    const topics = new Set(screenTopics(layout, facts));
    shown.set(layout, { facts, topics });
    return topics;
  };
  return new Principals({ control, topicsOf, now });
}

interface ServedParts {
  api: ReturnType<typeof makeApi>;
  stats: Stats;
  pages: PagesAt | null;
  live: LiveDoor;
  principals: Principals | null;
}

/** Lets requests in, each through the gate. */
function serve(
  listening: Listening,
  options: GatewayOptions,
  { api, stats, pages, live, principals }: ServedParts,
): void {
  const { host, hosts, files, addressRate, pagesKey, trustedProxies, tls } = options;
  const addresses = new AddressLimit(addressRate, pagesKey);
  const gate = makeGate({
    proxies: new Proxies(trustedProxies, pagesKey),
    addresses,
    hosts: new Hosts(host, hosts),
    tlsAlone: tls !== undefined,
    alone: principals === null,
  });
  listening.serve(
    makeAnswer({ gate, api, stats, pages, files, addresses, principals }),
    makeUpgrade({ gate, stats, pages, live }),
  );
}

/** The past, where it is kept, and what writes the recent hours, which has to know how far its journal is. */
function keepPast(options: GatewayOptions, recent: RecentFile, hub: Hub, now: () => number) {
  const { data, space } = options;
  const save = (): Promise<void> =>
    recent
      .save(hub, history?.journal ?? null, history?.recorder.recordedTo)
      .catch((error: unknown) => console.error("gateway: could not keep recent readings:", (error as Error).message));
  const crowded = (): void => void save();
  const history: History | null = options.history
    ? new History({ data, now, recent, crowded, space, ...options.history })
    : null;
  return { history, save };
}

/** Sends what walls are told unasked, whenever it changes. */
function tellWalls(
  io: LiveServer,
  history: History | null,
  catalogue: Catalogue,
  rights: Pick<LiveDoor["rights"], "screenChanged" | "placesChanged">,
): void {
  const known = new Map(catalogue.cities().map((facts) => [facts.id, facts]));
  catalogue.onScreen(({ city }) => {
    const facts = catalogue.city(city)?.facts;
    if (!facts || known.get(city) === facts) return;
    known.set(city, facts);
    rights.placesChanged(city);
  });
  // Before walls are told: they ask at once for what a screen shows now.
  catalogue.onScreen((message) => rights.screenChanged(message));
  history?.onState((standing) => tellStore(io, standing));
  catalogue.onScreen((message) => toScreen(io, message.city, message.screen).emit("screen", message));
}

interface Rounds {
  outbox: Outbox;
  hub: Hub;
  /** looks whether the clock was set */
  follow: () => void;
  stats: Stats;
  live: Pick<LiveDoor, "guard" | "rights">;
  backups: Backups;
  now: () => number;
  save: () => Promise<void>;
  tokens: Tokens;
  refusals: Refusals | null;
  /** null: nothing is audited */
  configuration: ConfigurationLog | null;
}

/** What is done again and again while the gateway runs. Returns what ends it. */
function startRounds(tick: number, parts: Rounds): () => void {
  const { outbox, hub, follow, stats, live, backups, now, save, tokens, refusals, configuration } = parts;
  const failed = (what: string) => (error: Error) => console.error(`gateway: ${what}: ${error.message}`);
  const stops = [
    every(tick, () => {
      const end = stats.tick.startTimer();
      follow();
      outbox.tick(now(), monotonic());
      end();
    }),
    every(LOOK_EVERY, () => {
      live.guard.look();
      live.rights.look();
      backups.look();
      configuration?.look();
    }),
    every(60_000, () => hub.forget(now())),
    every(USES_EVERY, () => tokens.confirm()),
    every(USES_EVERY, () => void tokens.keepUses().catch(failed("when tokens were used is not kept"))),
    every(REFUSALS_EVERY, () => void refusals?.flush().catch(failed("refusals are not in the audit log yet"))),
    every(SAVE_EVERY, () => void save()),
  ];
  return () => stops.forEach((stop) => stop());
}

interface IntakeParts {
  hub: Hub;
  stats: Stats;
  catalogue: Catalogue;
  history: History | null;
  now: () => number;
}

/** What readings go through on their way in, with the totals that are counted on the way. */
function makeIntake({ data, history: kept }: GatewayOptions, { hub, stats, catalogue, history, now }: IntakeParts) {
  const keptFor = kept && keepFor(kept.config, "readings");
  const totals = new Totals(
    {
      hub,
      now,
      later: after,
      file: history ? path.join(data, "totals.json") : null,
      history: history && keptFor !== undefined ? { recorder: history.recorder, ask: history.remote, keptFor } : null,
    },
    catalogue.cities(),
  );
  const facts = (id: string) => catalogue.city(id)?.facts;
  const ingest = new Ingest(hub, stats, facts, history?.recorder ?? null, keptFor, totals);
  return { totals, ingest };
}

/** Keeps what every screen shows, now and whenever it changes: a wall of the past has the layout of its time. */
function recordScreens(catalogue: Catalogue, { recorder }: History): void {
  const keep = ({ city, screen, layout }: ScreenMessage): void => {
    if (layout) recorder.screen(city, screen, layout);
  };
  for (const city of catalogue.cities())
    for (const screen of catalogue.screens(city.id).keys()) keep(catalogue.message(city.id, screen) as ScreenMessage);
  catalogue.onScreen(keep);
}
