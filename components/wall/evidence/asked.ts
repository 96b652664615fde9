import { useSyncExternalStore } from "react";
import type { Screen } from "@/lib/contract/screens";

/** Which number a page is asked about. There is one such question a page at a time. */
export interface Asked {
  /** null: the first of its tile */
  topic: string | null;
  /** the tile that it stands in; null: none */
  tile: string | null;
  /** asked of the screen: all its sources are told, and not those of the tile alone */
  whole: boolean;
  /** which half of a page that shows two moments */
  pane: string;
  /** the page's path: on another page nothing was asked */
  path: string;
  /** on which side of the page the answer leaves the number in sight */
  side: "left" | "right";
  /** what has the focus again afterwards */
  opener: HTMLElement | null;
}

let asked: Asked | null = null;
const listeners = new Set<() => void>();

function tell(next: Asked | null): void {
  asked = next;
  for (const listener of listeners) listener();
}

/** Asks about a number, instead of one that was asked about before. */
export function ask(question: Asked): void {
  tell(question);
}

/** Closes the answer. @param back whether the focus goes back to where it was */
export function stopAsking(back = true): void {
  const opener = asked?.opener;
  const topic = asked?.topic;
  tell(null);
  if (!back) return;
  // A page that turned to the past meanwhile is made of other elements.
  const there = opener?.isConnected ? opener : document.querySelector<HTMLElement>(`[data-topic="${topic ?? ""}"]`);
  there?.focus({ preventScroll: true });
}

/** What is asked now; null: nothing. */
export function whatIsAsked(): Asked | null {
  return asked;
}

/** What is asked now, on a page that follows it. */
export function useAsked(): Asked | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    whatIsAsked,
    () => null,
  );
}

/** The tile that a key asks about: the first figure, else the first tile. */
export function leadingTile(screen: Pick<Screen, "tiles"> | null): string | null {
  return (screen?.tiles.find((tile) => tile.widget === "figure") ?? screen?.tiles[0])?.id ?? null;
}

/** The side of a page on which an answer leaves in sight what was asked about. @param box where that stands, px @param width the page's */
export function sideBeside(box: { left: number; right: number }, width: number): Asked["side"] {
  return (box.left + box.right) / 2 > width / 2 ? "left" : "right";
}
