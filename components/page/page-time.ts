"use client";
import { useEffect, useSyncExternalStore } from "react";
import type { Live } from "@/lib/live/read-metric";
import { SplitViewPlayer } from "@/lib/live/split-view";
import { gatewayPast } from "@/lib/live/past-source";
import { PastPlayer, type PlayerState } from "@/lib/live/replay-player";
import { turnTheme } from "./page-theme";
import { addressMoments, type RefusedMoment } from "./address-moments";
import { usePageLive, type PageLive } from "./page-live";

/**
 * What the page shows: the present, or a past moment that a player shows. Kept across navigation, as the connection is.
 */
let player: PastPlayer | null = null;
/** A second moment, shown beside it. */
let split: SplitViewPlayer | null = null;
/** What the address named and is no moment. */
let refused: RefusedMoment | null = null;
let page: PageLive | null = null;
const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

/** The present, ms; endless until the gateway has told its time, since the gateway itself never looks ahead. */
function present(): number {
  const store = page?.socket.store;
  return store?.connected() ? store.now() : Infinity;
}

/** Leaves the present for a past moment (ms), or jumps there. */
export function goTo(at: number): void {
  if (player) player.seek(at);
  else {
    player = new PastPlayer(at, gatewayPast(), present);
    player.onChange(writeAddress);
    Object.assign((window as unknown as { citywall: object }).citywall, { past: player });
  }
  writeAddress();
  tell();
}

/** How far back replay begins, ms. */
const REPLAY_FROM = 10 * 60_000;

/** From the present (ms) into the near past. */
export function goBack(now: number): void {
  goTo(now - REPLAY_FROM);
}

/** Shows a second moment beside the first, so many ms from it; null shows one again. */
export function showSplit(offset: number | null): void {
  if (offset !== null && player) {
    if (split) split.setOffset(offset);
    else split = new SplitViewPlayer(player, offset, gatewayPast(), present);
  } else {
    split?.close();
    split = null;
  }
  writeAddress();
  tell();
}

/** Back to the present. */
export function goLive(): void {
  split?.close();
  split = null;
  player?.close();
  player = null;
  refused = null;
  writeAddress();
  tell();
}

/** Into the past (from the present, ms) and back with the same key. */
export function toggleTime(shown: PastPlayer | null, now: number): void {
  if (shown) goLive();
  else goBack(now);
}

/** Whether a key goes into a field rather than to the page. */
export function typing({ target }: KeyboardEvent): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName))
  );
}

/**
 * The address says which moment is shown, so that it can be sent to somebody; time that merely passes does not rewrite
 * it.
 */
function writeAddress(): void {
  // Until it is read, an address that was refused stays as it is: opened anew it must not show something else.
  if (refused) return;
  const url = new URL(window.location.href);
  if (player) url.searchParams.set("at", new Date(player.state().at).toISOString());
  else url.searchParams.delete("at");
  if (player && split) url.searchParams.set("beside", new Date(player.state().at + split.offset).toISOString());
  else url.searchParams.delete("beside");
  if (url.href !== window.location.href) window.history.replaceState(window.history.state, "", url);
}

let begun = false;

/** `?at=` opens the page at that moment; one that there is none of is told, see `RefusedMomentNotice`. */
function begin(live: PageLive): void {
  page = live;
  if (begun) return;
  begun = true;
  const asked = addressMoments(new URL(window.location.href).searchParams);
  refused = asked.refused;
  if (refused) tell();
  else if (asked.at !== null) {
    goTo(asked.at);
    if (asked.beside !== null) showSplit(asked.beside - asked.at);
  }
}

/** Whether the address is to be left as it is, because it names a moment that there is none of. */
export function addressRefused(): boolean {
  return refused !== null;
}

/** The moment that the address names and that there is none of; null where all is well. */
export function useRefusedMoment(): RefusedMoment | null {
  return useSyncExternalStore(
    subscribe,
    () => refused,
    () => null,
  );
}

export interface PageTime {
  live: Live;
  /** null while the present is shown */
  player: PastPlayer | null;
  /** a second moment beside it, where a page can show two */
  split: SplitViewPlayer | null;
  page: PageLive;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What this page shows; null while it is rendered on the server. */
export function usePageTime(): PageTime | null {
  const live = usePageLive();
  const shown = useSyncExternalStore(
    subscribe,
    () => player,
    () => null,
  );
  const second = useSyncExternalStore(
    subscribe,
    () => split,
    () => null,
  );
  useEffect(() => {
    if (!live) return;
    begin(live);
    // A page that was reached by a link shows the same moment, and says so in its address.
    writeAddress();
  }, [live]);
  if (!live) return null;
  return { live: shown?.store ?? live.socket.store, player: shown, split: second, page: live };
}

/**
 * L changes the language, N how numbers are written, C the theme, T goes into the past and back: what these keys do on
 * every page of a city.
 */
export function usePageKeys(time: PageTime | null, onLang: () => void, onNumbers: () => void): void {
  const player = time?.player ?? null;
  const live = time?.live;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.altKey || event.ctrlKey || event.metaKey || typing(event)) return;
      if (event.key === "l" || event.key === "L") onLang();
      else if (event.key === "n" || event.key === "N") onNumbers();
      else if (event.key === "c" || event.key === "C") turnTheme();
      else if ((event.key === "t" || event.key === "T") && live) toggleTime(player, live.now());
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [onLang, onNumbers, player, live]);
}

const never = (): (() => void) => () => {};

/** The player's settings where the past is shown, without the time that passes; null in the present. */
export function usePastState(): PlayerState | null {
  return useStateOf(usePageTime()?.player ?? null);
}

/** The settings of a player that may not be there, as it is not in the present. */
export function useStateOf(player: PastPlayer | null): PlayerState | null {
  return useSyncExternalStore(
    player ? (listener) => player.onChange(listener) : never,
    () => player?.snapshot ?? null,
    () => null,
  );
}

/** The player's settings, without the time that passes. */
export function usePlayerState(of: PastPlayer): PlayerState {
  return useSyncExternalStore(
    (listener) => of.onChange(listener),
    () => of.snapshot,
    () => of.snapshot,
  );
}
