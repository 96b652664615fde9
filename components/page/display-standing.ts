"use client";
import { useSyncExternalStore } from "react";
import type { DisplayStanding } from "@/lib/contract/api/displays";

/** What this browser is told of the display that it is; apart from what tells it, so that a page without a connection need not load one. */
let told: DisplayStanding | null = null;
const listeners = new Set<() => void>();

/** Keeps what was told last. */
export function tellStanding(standing: DisplayStanding): void {
  told = standing;
  for (const listener of listeners) listener();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What was told last; null while it is no display as far as is known. */
export function useDisplayStanding(): DisplayStanding | null {
  return useSyncExternalStore(
    listen,
    () => told,
    () => null,
  );
}
