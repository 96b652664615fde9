"use client";
import { useSyncExternalStore } from "react";
import { monotonic } from "@/lib/clock";
import { Display, gatewayDisplay, lookAt } from "@/lib/live/display";
import { openLive, type LiveSocket } from "@/lib/live/socket";
import { RenderScheduler } from "@/lib/live/render-scheduler";
import { tellStanding } from "./display-standing";
import { redrawWhenStale } from "./redraw";

export interface PageLive {
  socket: LiveSocket;
  scheduler: RenderScheduler;
}

let page: PageLive | null = null;

/** The page's one connection and render scheduler, made when first asked for and kept across navigation. */
function pageLive(): PageLive {
  if (page) return page;
  const scheduler = new RenderScheduler();
  page = { socket: openLive(), scheduler };
  redrawWhenStale(scheduler);
  const { socket } = page;
  const began = monotonic();
  const look = () => lookAt({ socket, scheduler }, began);
  new Display({ socket, uplink: gatewayDisplay(), look }).onChange(tellStanding);
  // For tests and for whoever stands before a wall with a console.
  Object.assign(window, { citywall: { live: page.socket.store, scheduler: scheduler.stats } });
  return page;
}

/** Connects at once, without waiting for the page to come to life: the gateway answers meanwhile. Does nothing on the server. */
export function connectEarly(): void {
  if (typeof window !== "undefined") pageLive();
}

const never = (): (() => void) => () => {};

/** The page's connection; null while the page is rendered on the server. */
export function usePageLive(): PageLive | null {
  return useSyncExternalStore(never, pageLive, () => null);
}
