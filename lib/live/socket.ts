import { io, type Manager, type Socket } from "socket.io-client";
import type { DisplayStanding } from "../contract/api/displays";
import type {
  ClockMessage,
  HelloMessage,
  IssueMessage,
  LagMessage,
  ScreenMessage,
  SnapshotMessage,
  StoreMessage,
} from "../contract/socket-messages";
import * as parser from "../contract/parser";
import { recover } from "./recovery";
import { leaveWithRights } from "./rights-end";
import { asKnownNow, gatewayPast } from "./past-source";
import { LiveStore } from "./live-store";

export interface LiveSocket {
  store: LiveStore;
  /** Follows a screen's layout; returns a function that stops it. */
  watchScreen(city: string, screen: string, listener: (message: ScreenMessage) => void): () => void;
  /** Told what the gateway says of the display that this browser is; one that is none hears nothing. */
  onDisplay(listener: (standing: DisplayStanding) => void): void;
  /** Told each time that the connection ended, and that it could not be made. */
  onLost(listener: () => void): void;
  /** build of the pages when this one began, as far as it has heard; empty: not yet */
  build(): string;
  close(): void;
}

/** Ms before a page comes back: at least, at first at the most, and at the most while nobody answers. */
const SOONEST = 100;
const AT_FIRST = 1_000;
const LATEST = 3_000;
/** Ms that an attempt is given: one that is given up only adds to what the gateway has to do. */
const PATIENCE = 5_000;

/**
 * Spreads attempts to come back by chance: a gateway that starts again has all its walls come at once. The library's
 * own chance is cut off at its longest wait, which after a few attempts is everybody's; so the longest wait is drawn
 * anew for each attempt, and the wait is that.
 * @param random 0 to 1, from chance
 */
export function spreadAttempts(manager: Manager, random: () => number = Math.random): void {
  const draw = (most: number): void => {
    manager.reconnectionDelayMax(SOONEST + random() * (most - SOONEST));
  };
  manager.randomizationFactor(0);
  manager.reconnectionDelay(LATEST);
  manager.on("open", () => draw(AT_FIRST));
  manager.on("reconnect_attempt", () => draw(LATEST));
  draw(AT_FIRST);
}

/** A screen whose layout somebody follows. */
interface Watched {
  city: string;
  screen: string;
  listener: (message: ScreenMessage) => void;
}

/** Gives the store what the gateway says of its own accord. Returns what tells the build of this page. */
function hear(socket: Socket, store: LiveStore): () => string {
  let build: string | null = null;
  let first = "";
  socket.on("hello", (message: HelloMessage) => {
    store.heardAnew(message.now);
    // A wall runs for months: after an upgrade its pages would ask for files that are gone.
    if (build !== null && build !== message.build && message.build !== "dev") recover();
    build = message.build;
    first ||= build;
  });
  socket.on("f", (bytes: ArrayBuffer) => store.takeFrame(new Uint8Array(bytes)));
  socket.on("snapshot", (message: SnapshotMessage) => store.takeSnapshot(message));
  socket.on("lag", (message: LagMessage) => {
    store.skippedFrames = message.skippedFrames;
  });
  socket.on("clock", (message: ClockMessage) => store.clockSet(message));
  socket.on("store", (message: StoreMessage) => {
    store.store = message;
  });
  // Whoever looks after the wall finds it in the browser's log; the wall comes back by itself.
  socket.on("issue", ({ code, detail }: IssueMessage) =>
    console.error(`citywall: cut by the gateway: ${code}: ${detail}`),
  );
  return () => first;
}

/** Connects to the gateway that served this page and keeps trying for as long as the page lives. */
export function openLive(url = window.location.origin): LiveSocket {
  const store = new LiveStore();
  const past = gatewayPast();
  store.values = { ask: (items) => past.values(items.map(asKnownNow)), round: () => 0, speed: () => 1 };
  store.eventSource = { find: (city, id) => past.event({ city, id }), reports: past.reports, round: () => 0 };
  const socket = io(url, {
    path: "/live",
    transports: ["websocket"],
    parser,
    timeout: PATIENCE,
  });
  spreadAttempts(socket.io);
  leaveWithRights(socket);
  const screens = new Map<string, Watched>();
  const ask = ({ city, screen, listener }: Watched): void => {
    socket.emit("watch-screen", city, screen, (message: ScreenMessage | null) => {
      if (message) listener(message);
    });
  };
  const build = hear(socket, store);
  socket.on("screen", (message: ScreenMessage) => {
    for (const watched of screens.values())
      if (watched.city === message.city && watched.screen === message.screen) watched.listener(message);
  });
  socket.on("connect", () => {
    store.attach({ subscribe: (request, answer) => socket.emit("subscribe", request, answer) });
    for (const watched of screens.values()) ask(watched);
  });
  socket.on("disconnect", () => store.detach());
  // A socket can stand open with nothing coming through it: then it is torn down and opened anew.
  const stopWatch = store.onBeat(() => {
    if (socket.connected && !store.connected()) socket.io.engine.close();
  });
  return {
    store,
    watchScreen(city, screen, listener) {
      const key = `${city}/${screen}`;
      screens.set(key, { city, screen, listener });
      if (socket.connected) ask({ city, screen, listener });
      return () => screens.delete(key);
    },
    onDisplay: (listener) => void socket.on("display", listener),
    onLost(listener) {
      socket.on("disconnect", listener);
      socket.on("connect_error", listener);
    },
    build,
    close() {
      stopWatch();
      socket.close();
      store.close();
    },
  };
}
