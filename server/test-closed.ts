/** For tests: a gateway in which everybody has to sign in, and somebody of every kind who comes to it. */
import { hash, randomBytes, randomUUID } from "node:crypto";
import path from "node:path";
import type { Kysely } from "kysely";
import { io, type Socket } from "socket.io-client";
import { checkTile } from "../components/widgets/check-tile";
import { screenTopics } from "../components/widgets/screen-topics";
import type { Role, Scope } from "../lib/contract/rights";
import * as parser from "../lib/contract/parser";
import type { ScreenMessage, SnapshotMessage, SubscribeRequest } from "../lib/contract/socket-messages";
import { touch } from "../lib/control/context";
import { controlHere } from "../lib/control/here";
import { openControl } from "../lib/control/open";
import type { ControlAsk } from "../lib/control/remote";
import type { Tables } from "../lib/control/tables";
import { signedIn } from "../lib/control/test-people";
import type { Gateway, GatewayOptions } from "../lib/gateway/server";
import { makeSite } from "../lib/gateway/test-site";
import { parseHistoryConfig } from "../lib/history/config";
import { forkStore } from "./test-programs";

/** Who comes: what his browser sends of who he is. */
export interface Visitor {
  cookie?: string;
  authorization?: string;
}

/** What a request has of who makes it. */
const shownBy = ({ cookie, authorization }: Visitor): Record<string, string> => ({
  ...(cookie ? { cookie } : {}),
  ...(authorization ? { authorization } : {}),
});

export interface ClosedSite {
  folder: string;
  gateway: Gateway;
  base: string;
  db: Kysely<Tables>;
  /** Somebody with an account, who is signed in. */
  account(role: Role, scopes: readonly Scope[]): Promise<Visitor & { account: string; session: string }>;
  /** A display that shows a screen. */
  display(city: string, screen: string): Promise<Visitor & { device: string }>;
  /** A program that looks after the gateway. */
  monitor(): Promise<Visitor>;
  /** Lets anybody look at a screen. */
  openScreen(city: string, screen: string): Promise<void>;
  fetch(who: Visitor, where: string, init?: RequestInit): Promise<Response>;
  connect(who: Visitor): Socket;
  drop(): Promise<void>;
}

async function madeMonitor(control: ControlAsk): Promise<Visitor> {
  const scope = { kind: "monitor", city: null, feed: null, backfill: false } as const;
  const wish = { ...scope, expires: null, addresses: null, note: "", by: { who: "test", address: "" } };
  return { authorization: `Bearer ${(await control.call("tokenCreate", wish)).secret}` };
}

/** @param history whether the past is kept, by a store in a process of its own */
export async function openClosed(more: Partial<GatewayOptions> = {}, { history = false } = {}): Promise<ClosedSite> {
  const site = await makeSite(checkTile);
  const data = path.join(site.folder, "data");
  const control = await controlHere({ data });
  const db = await openControl({ data });
  const env = { ...process.env, CITYWALL_CITIES: path.join(site.folder, "cities"), CITYWALL_DATA: data };
  const config = parseHistoryConfig({});
  const gateway = await site.open({
    ...(history ? { history: { config, launch: () => forkStore(env) } } : {}),
    ...{ closed: true, control, screenTopics },
    ...more,
  });
  const base = `http://127.0.0.1:${gateway.port}`;
  const sockets: Socket[] = [];
  return {
    folder: site.folder,
    gateway,
    base,
    db,
    async account(role, scopes) {
      const { secret, ...ids } = await signedIn(db, { role, scopes });
      return { cookie: `citywall-session=${secret}`, ...ids };
    },
    async display(city, screen) {
      const [device, secret] = [randomUUID(), randomBytes(32).toString("base64url")];
      const made = { hash: hash("sha256", secret), rotated: 0, made: 0, made_by: "test", address: "", version: "" };
      const open = { previous: null, previous_until: null, seen: null, painted: null, withdrawn: null };
      await db
        .insertInto("device")
        .values({ id: device, title: "hall", city, screen, health: "{}", ...made, ...open })
        .execute();
      await touch(db);
      return { cookie: `citywall-display=${secret}`, device };
    },
    monitor: () => madeMonitor(control),
    async openScreen(city, screen) {
      await db.insertInto("open_screen").values({ city, screen, made: 0, made_by: "test" }).execute();
      await touch(db);
    },
    fetch: (who, where, init = {}) =>
      fetch(`${base}${where}`, {
        redirect: "manual",
        ...init,
        headers: { ...shownBy(who), ...(init.headers as object) },
      }),
    connect(who) {
      const socket = io(base, {
        path: "/live",
        transports: ["websocket"],
        parser,
        forceNew: true,
        reconnection: false,
        extraHeaders: shownBy(who),
      });
      sockets.push(socket);
      return socket;
    },
    async drop() {
      for (const socket of sockets) socket.close();
      await gateway.close();
      await db.destroy();
      await site.drop();
    },
  };
}

/** Waits until a connection is served. @throws with what it was refused by */
export function connected(socket: Socket): Promise<void> {
  if (socket.connected) return Promise.resolve();
  return new Promise((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", (error: Error & { description?: { message?: string } }) =>
      reject(new Error(error.description?.message ?? error.message)),
    );
  });
}

export function subscribe(socket: Socket, request: SubscribeRequest): Promise<SnapshotMessage> {
  return socket.emitWithAck("subscribe", request) as Promise<SnapshotMessage>;
}

export function watchScreen(socket: Socket, city: string, screen: string): Promise<ScreenMessage | null> {
  return socket.emitWithAck("watch-screen", city, screen) as Promise<ScreenMessage | null>;
}
