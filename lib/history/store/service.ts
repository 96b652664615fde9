import { rmSync } from "node:fs";
import { unlink } from "node:fs/promises";
import path from "node:path";
import { after } from "../../clock";
import type { EventReports } from "../../contract/api/history";
import type { CityEvent } from "../../contract/events";
import type { QualityAnswer } from "../../contract/quality";
import type {
  Annotation,
  Changes,
  ChangesRequest,
  PastEvents,
  PastRequest,
  PastSnapshot,
} from "../../contract/history";
import type { PastValue } from "../../contract/values";
import { annotate, annotationById, annotationsOf, unannotate } from "./annotations";
import { giveNotice } from "../../files/notices";
import type { HistoryConfig } from "../config";
import { Copying, type StoreCopy } from "./copying";
import { isCorrupt, isGivenUp, keepStoreAside } from "./corrupt";
import { openDuckdb } from "./duckdb";
import type { Engine } from "./engine";
import { eventReports } from "./event-reports";
import { eventById, eventsBetween, type EventRequest, type EventsRequest } from "./events";
import { Historian } from "./historian";
import {
  bulkJournals,
  bytesBeyond,
  hasEnded,
  journalFolder,
  LIVE,
  segmentFile,
  segmentsIn,
  type JournalPosition,
} from "../writer/journal";
import { pastChanges, pastScreen, pastSnapshot } from "./snapshot";
import { releaseLock, takeLock } from "./lock";
import { installationOf, NotOurs } from "./installation";
import { openPostgres } from "./postgres";
import { provisionalFrom, queryHistory, type HistoryQuery, type HistorySeries } from "./query";
import { keptFrom } from "./extent";
import { rescue } from "./rescue";
import { calledOffBy, NotOpen } from "./question";
import { metricQuality, type QualityRequest } from "./quality";
import { pastValues, type ValuesQuery } from "./values";

/**
 * A question about the past by topic names; see HistoryQuery. `resets`: for each topic the zone whose midnight its
 * counter begins anew in, or null.
 */
export type TopicQuery = Omit<HistoryQuery, "series" | "resets" | "now"> & {
  topics: string[];
  resets?: (string | null)[];
};

/** One topic's past; see HistorySeries. */
export type TopicHistory = Omit<HistorySeries, "series"> & { topic: string };

/** An answer and how final it is. */
export interface HistoryAnswer {
  series: TopicHistory[];
  /** ms: everything that was acknowledged before it is in the answer */
  completeUntil: number;
  /** ms: the bucket that begins here, and those after it, may still change; null where all are over */
  provisionalFrom: number | null;
}

/** `completeUntil`: everything that was acknowledged before it (ms) is in the answer. */
type Complete<T> = T & { completeUntil: number };

/** `caughtUp`: everything that was acknowledged before the question is in the store, see `reach`. */
type Question<P, A> = (params: P, signal?: AbortSignal, caughtUp?: boolean) => Promise<A>;

/** Name of the question: what it takes and what it answers. */
export interface HistoryMethods {
  query: Question<TopicQuery, HistoryAnswer>;
  past: Question<PastRequest, PastSnapshot>;
  changes: Question<ChangesRequest, Changes>;
  values: Question<ValuesQuery[], Complete<{ values: (PastValue | null)[][] }>>;
  screen: Question<{ city: string; screen: string; at: number }, string | null>;
  extent: Question<{ city: string }, { from: number | null; bytes: number; engine: string }>;
  quality: Question<QualityRequest, QualityAnswer>;
  events: Question<EventsRequest, PastEvents>;
  event: Question<EventRequest, Complete<{ event: CityEvent | null }>>;
  eventReports: Question<Parameters<typeof eventReports>[1], EventReports>;
  /** one more than an answer holds where there are more */
  annotations: Question<Parameters<typeof annotationsOf>[1], Annotation[]>;
  annotation: Question<Parameters<typeof annotationById>[1], Annotation | null>;
  annotate: (annotation: Annotation) => Promise<void>;
  unannotate: (request: Parameters<typeof unannotate>[1]) => Promise<boolean>;
  /** see `Copying` */
  copy: (request: { tree: string }) => Promise<StoreCopy>;
}

export type HistoryState = {
  engine: string;
  /** up to where the live journal is in the store */
  checkpoint: JournalPosition;
  /** why nothing can be stored at present, or null */
  error: string | null;
  /** readings taken in since this process began */
  taken: number;
};

export interface ServiceOptions {
  /** CITYWALL_DATA */
  data: string;
  /** DATABASE_URL; the embedded engine when there is none */
  databaseUrl: string | undefined;
  config: HistoryConfig;
  now: () => number;
  onState?: (state: HistoryState) => void;
  /** why nothing may be written at present, or null; looked at before each piece of work */
  refusal?: () => string | null;
}

/**
 * What comes is taken in together: a transaction costs as much for one reading as for hundreds. It waits this long (ms)
 * at the most, less where there is much of it (bytes), and not at all where a question waits for it.
 */
const GATHER = 2_000;
const ENOUGH = 256 << 10;
/** ms between two looks at how much there is. */
const LOOK = 250;
/** Most ms a question waits for what was acknowledged before it. */
const CATCH_UP = 2_000;
/** Ms until what failed is tried again, the last for good: what people wait for is back within five seconds of its cause's end. */
const RETRY = [250, 500, 1_000, 2_000];

/** Where the embedded engine keeps its file. */
export function duckdbFile(data: string): string {
  return path.join(data, "history.duckdb");
}

/** Stands for a topic that has no series. */
const NEVER = 0;

/**
 * Opens the engine that the environment asks for, for who holds the store's lock.
 * @throws NotOurs where the database is another data folder's
 */
export async function openEngine({ data, databaseUrl }: Pick<ServiceOptions, "data" | "databaseUrl">): Promise<Engine> {
  return databaseUrl ? openPostgres(databaseUrl, installationOf(data)) : openDuckdb(duckdbFile(data));
}

/**
 * The store at work: follows the journals, keeps rollups, answers questions. A store that fails is tried again, for
 * good.
 */
export class HistoryService {
  private historian: Historian | null = null;
  private error: string | null = "opening";
  /** what a question met that says that the engine's file is damaged */
  private damage: Error | null = null;
  private stopped = false;
  private nudged = false;
  private wake: (() => void) | null = null;
  private loop: Promise<void> = Promise.resolve();
  private readonly copying: Copying;

  constructor(private readonly options: ServiceOptions) {
    this.copying = new Copying(options.data, (engine) => !this.stopped && this.historian?.engine === engine);
  }

  start(): void {
    this.loop = this.run();
  }

  /** Has what is in the journal taken in at once, except while a store that failed is let rest. */
  nudge(): void {
    this.nudged = true;
    this.wake?.();
  }

  state(): HistoryState {
    return {
      engine: this.options.databaseUrl ? "postgres" : "duckdb",
      checkpoint: this.historian?.checkpoint(LIVE) ?? { segment: 0, offset: 0 },
      error: this.error,
      taken: this.historian?.taken ?? 0,
    };
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.stopped) {
      try {
        this.nudged = false;
        const worked = await this.work();
        failures = 0;
        if (this.error) {
          this.error = null;
          this.tell();
        }
        if (!worked) await this.gather();
      } catch (error) {
        const fault = this.inWords(error);
        if (fault !== this.error) console.error(`citywall: store: ${fault}`);
        this.error = fault;
        this.tell();
        await this.recover(error as Error);
        await this.pause(RETRY[Math.min(failures++, RETRY.length - 1)] ?? GATHER, false);
      }
    }
  }

  /** What went wrong, for the log; what a person has to decide is told until one has seen it. */
  private inWords(error: unknown): string {
    if (!(error instanceof NotOurs)) return (error as Error).message || String(error);
    const { subject, id, message } = error;
    const [at, kept, lost] = [this.options.now(), null, 0];
    if (id !== null)
      giveNotice(this.options.data, {
        what: "database",
        id,
        at,
        file: subject,
        fault: message,
        kept,
        lost,
        exact: true,
      });
    return `${subject} ${message}`;
  }

  /** After a failure that the engine does not get over by itself: it is opened anew, with a new file where its own is broken. */
  private async recover(error: Error): Promise<void> {
    const { data, databaseUrl, now } = this.options;
    if (databaseUrl !== undefined || (!isCorrupt(error) && !isGivenUp(error))) return;
    const broken = this.historian?.engine;
    // From here on a question is told that there is no store, and says nothing of this one any more.
    this.historian = null;
    this.damage = null;
    await broken?.abandon().catch(() => {});
    if (!isCorrupt(error)) return;
    try {
      keepStoreAside(data, duckdbFile(data), error, now());
    } catch (fault) {
      console.error(`citywall: ${duckdbFile(data)} is broken and could not be kept aside:`, fault);
    }
  }

  private tell(): void {
    this.options.onState?.(this.state());
  }

  /**
   * Lets what comes gather; not at all where a question came while the journal was read, as that may have been too
   * early for it.
   */
  private async gather(): Promise<void> {
    for (let passed = 0; passed < GATHER && !this.nudged && !this.stopped; passed += LOOK) {
      await this.pause(LOOK, true);
      if (this.historian && this.isBehind(this.historian)) return;
    }
  }

  /** @param nudgeable whether a question cuts it short, which a pause after a failure is not */
  private pause(ms: number, nudgeable: boolean): Promise<void> {
    return new Promise((resolve) => {
      if (this.stopped) return resolve();
      const cancel = after(ms, resolve);
      this.wake = () => {
        if (!nudgeable && !this.stopped) return;
        cancel();
        resolve();
      };
    });
  }

  /** Opens the store, with what could be read of one that was broken. */
  private async begin(): Promise<Historian> {
    const { data, databaseUrl, config, now } = this.options;
    takeLock(data);
    if (databaseUrl === undefined) await rescue({ file: duckdbFile(data), data, config, now: now() });
    const opened = await openEngine(this.options);
    const engine = databaseUrl === undefined ? this.doubting(opened) : opened;
    const historian = new Historian(engine, config, data);
    try {
      await historian.open(now());
      // Before anybody is told how far it has come: the gateway lets go of what lies before that.
      await historian.verify(LIVE, journalFolder(data), now());
    } catch (error) {
      await (isCorrupt(error) ? engine.abandon() : engine.close()).catch(() => {});
      throw error;
    }
    return historian;
  }

  /** An engine whose questions say when they met what says that its file is damaged: much of it is read by nobody else. */
  private doubting(engine: Engine): Engine {
    const doubted: Engine = {
      ...engine,
      query: async (sql, params, signal) => {
        try {
          return await engine.query(sql, params, signal);
        } catch (error) {
          // A question to a store that has been given up since says nothing of the one that came after it.
          if ((isCorrupt(error) || isGivenUp(error)) && this.historian?.engine === doubted) {
            this.damage = error as Error;
            this.nudge();
          }
          throw error;
        }
      },
    };
    return doubted;
  }

  private async work(): Promise<boolean> {
    const { damage } = this;
    this.damage = null;
    if (damage) throw damage;
    this.historian ??= await this.begin();
    const { historian } = this;
    const refusal = this.options.refusal?.();
    if (refusal) throw new Error(refusal);
    await this.copying.begin(historian.engine);
    const taken = await historian.follow(LIVE, journalFolder(this.options.data), this.options.now());
    if (taken) this.tell();
    this.release();
    // What came meanwhile gathers, or a busy store would take it in by the handful without end. An ended segment held
    // nothing more.
    const more =
      taken && (this.waiting.length > 0 || historian.checkpoint(LIVE).offset === 0 || this.isBehind(historian));
    // What is live goes first; what is brought in by the heap comes when there is time.
    const bulk = more ? false : await this.followBulk(historian);
    const rolled = await historian.maintain(this.options.now(), !bulk);
    return more || rolled || bulk;
  }

  /** Whether much of the live journal is left, or a segment has been ended since the one that was read. */
  private isBehind(historian: Historian): boolean {
    const folder = journalFolder(this.options.data);
    const checkpoint = historian.checkpoint(LIVE);
    return (segmentsIn(folder).at(-1) ?? 0) > checkpoint.segment || bytesBeyond(folder, checkpoint) >= ENOUGH;
  }

  /** Seeds and imports: journals beside the live one, each taken in and then removed. */
  private async followBulk(historian: Historian): Promise<boolean> {
    const names = bulkJournals(this.options.data);
    this.importing = names.length > 0;
    // One that is still being written does not keep the others waiting.
    for (const name of names) if (await this.followBulkJournal(historian, name)) return true;
    return false;
  }

  private async followBulkJournal(historian: Historian, name: string): Promise<boolean> {
    const folder = journalFolder(this.options.data, name);
    // Asked before: what was written until then is taken in now.
    const ended = hasEnded(folder);
    const more = await historian.follow(name, folder, this.options.now());
    const { segment } = historian.checkpoint(name);
    for (const passed of segmentsIn(folder)) if (passed < segment) await unlink(segmentFile(folder, passed));
    if (!more && ended) {
      await historian.forget(name);
      rmSync(folder, { recursive: true, force: true });
    }
    return more;
  }

  readonly methods: HistoryMethods = {
    query: async (query, signal, caughtUp = true) => {
      const historian = this.open();
      const asked = this.options.now();
      const completeUntil = this.completeUntil(historian, caughtUp);
      const found = await this.ask(calledOffBy(historian, signal), { ...query, now: asked }, signal);
      return {
        series: found,
        completeUntil,
        provisionalFrom: this.importing ? query.from : provisionalFrom(query, completeUntil),
      };
    },
    past: (request, signal, caughtUp) =>
      this.complete(signal, caughtUp, (historian) => pastSnapshot(historian, request)),
    changes: (request, signal, caughtUp) =>
      this.complete(signal, caughtUp, (historian) => pastChanges(historian, request)),
    values: (queries, signal, caughtUp) =>
      this.complete(signal, caughtUp, async (historian) => ({ values: await pastValues(historian, queries) })),
    screen: ({ city, screen, at }, signal) => pastScreen(this.asked(signal).engine, city, screen, at),
    extent: async ({ city }, signal) => {
      const historian = this.asked(signal);
      const { engine } = historian;
      return { from: await keptFrom(historian, city), bytes: await engine.size(), engine: engine.name };
    },
    quality: async (request, signal, caughtUp = true) => {
      const asked = this.options.now();
      const completeUntil = this.completeUntil(this.open(), caughtUp);
      return { ...(await metricQuality(this.asked(signal), request, completeUntil)), asked, completeUntil };
    },
    events: (request, signal, caughtUp) =>
      this.complete(signal, caughtUp, ({ engine }) => eventsBetween(engine, request)),
    event: (request, signal, caughtUp) =>
      this.complete(signal, caughtUp, async ({ engine }) => ({ event: await eventById(engine, request) })),
    eventReports: (request, signal, caughtUp) =>
      this.complete(signal, caughtUp, ({ engine }) => eventReports(engine, request)),
    annotations: (request, signal) => annotationsOf(this.asked(signal).engine, request),
    annotation: (request, signal) => annotationById(this.asked(signal).engine, request),
    annotate: (annotation) => annotate(this.open().engine, annotation),
    unannotate: (request) => unannotate(this.open().engine, request),
    copy: ({ tree }) => {
      this.open();
      const copied = this.copying.ask(tree);
      this.nudge();
      return copied;
    },
  };

  /** The historian as a question sees it that ends when `signal` fires. */
  private asked(signal: AbortSignal | undefined): Historian {
    return calledOffBy(this.open(), signal);
  }

  /** To be asked before the question: what comes while it is answered may be in it or not. */
  private completeUntil(historian: Historian, caughtUp: boolean): number {
    return caughtUp ? this.options.now() : historian.recordedUntil;
  }

  /** Answers, and says up to when the answer is complete. */
  private async complete<T extends object>(
    signal: AbortSignal | undefined,
    caughtUp: boolean | undefined,
    answer: (historian: Historian) => Promise<T>,
  ): Promise<Complete<T>> {
    const completeUntil = this.completeUntil(this.open(), caughtUp ?? true);
    return { ...(await answer(this.asked(signal))), completeUntil };
  }

  /** Series of topics, each topic in the order asked; one that nothing was ever published of has empty values. */
  private async ask(
    historian: Historian,
    { topics, resets, ...query }: TopicQuery & { now: number },
    signal?: AbortSignal,
  ): Promise<TopicHistory[]> {
    const ids = topics.map((topic) => historian.series(topic));
    const zones = new Map(ids.flatMap((id, i) => (id !== undefined && resets?.[i] ? [[id, resets[i]] as const] : [])));
    const asOf = [...new Set(ids.flatMap((id) => id ?? []))];
    // No series has this number: it answers for topics that nothing was ever published of.
    const found = await queryHistory(historian, { ...query, series: [...asOf, NEVER], resets: zones }, signal);
    const bySeries = new Map(found.map((one) => [one.series, one]));
    return topics.map((topic, i) => {
      const { series: _series, ...own } = bySeries.get(ids[i] ?? NEVER) as HistorySeries;
      return { topic, ...own };
    });
  }

  private importing = false;
  private waiting: { checkpoint: JournalPosition; resolve: () => void }[] = [];

  /**
   * Waits until the live journal is taken in up to a place, two seconds at the most: who asks right after something was
   * acknowledged, or after a restart, is not told less than that.
   */
  async reach(checkpoint: JournalPosition): Promise<boolean> {
    if (!this.isPast(checkpoint)) {
      this.nudge();
      await new Promise<void>((resolve) => {
        const waiter = { checkpoint, resolve: () => finish() };
        const cancel = after(CATCH_UP, () => finish());
        const finish = (): void => {
          cancel();
          this.waiting = this.waiting.filter((other) => other !== waiter);
          resolve();
        };
        this.waiting.push(waiter);
      });
    }
    return this.isPast(checkpoint);
  }

  private isPast(checkpoint: JournalPosition): boolean {
    if (!this.historian) return false;
    const own = this.historian.checkpoint(LIVE);
    return own.segment > checkpoint.segment || (own.segment === checkpoint.segment && own.offset >= checkpoint.offset);
  }

  private release(): void {
    for (const waiter of this.waiting) if (this.isPast(waiter.checkpoint)) waiter.resolve();
  }

  private open(): Historian {
    if (!this.historian) throw new NotOpen("the store is not open");
    return this.historian;
  }

  /**
   * Takes in what has gathered, then closes.
   * @param takeIn false ends it between two steps of its work, as a kill does
   */
  async close(takeIn = true): Promise<void> {
    this.stopped = true;
    this.wake?.();
    await this.loop;
    await this.copying.close();
    if (!this.historian) return;
    // What does not go in now waits in the journal: a server that cannot be reached must not keep this process.
    if (takeIn && this.error === null && !this.options.refusal?.())
      await this.historian.follow(LIVE, journalFolder(this.options.data), this.options.now()).catch(() => {});
    await this.historian.engine.close().catch(() => {});
    this.historian = null;
    releaseLock(this.options.data);
  }
}
