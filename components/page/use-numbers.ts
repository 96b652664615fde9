"use client";
import { useSyncExternalStore } from "react";
import { NUMBER_MODES, setNumbersMode, type NumbersMode } from "@/components/ui/numbers";

const YEAR = 31_536_000;
const listeners = new Set<() => void>();
/** What this page was told last; a browser that keeps no cookies still turns. */
let chosen: NumbersMode | null = null;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function current(): NumbersMode {
  const kept = /(?:^|; )numbers=(\w+)/.exec(document.cookie)?.[1];
  chosen ??= NUMBER_MODES.find((mode) => mode === kept) ?? "auto";
  return chosen;
}

function turn(): void {
  chosen = NUMBER_MODES[(NUMBER_MODES.indexOf(current()) + 1) % NUMBER_MODES.length] ?? "auto";
  document.cookie = `numbers=${chosen}; path=/; max-age=${YEAR}; samesite=lax`;
  for (const listener of listeners) listener();
}

/**
 * How the page writes numbers, kept in a cookie so that the next page does the same; the server knows nothing of it.
 */
export function useNumbers(): [NumbersMode, () => void] {
  const mode = useSyncExternalStore(subscribe, current, () => "auto" as const);
  setNumbersMode(mode);
  return [mode, turn];
}
