"use client";
import { createContext, useContext, type ReactNode } from "react";
import type { Lang } from "@/lib/contract/city";
import type { Live } from "@/lib/live/live";
import type { NumbersMode } from "./numbers";
import type { Repaint } from "@/lib/live/repaint";

/** What a page hands down: handles and the language, never live data itself. */
export interface Surroundings {
  live: Live;
  repaint: Repaint;
  lang: Lang;
  /** how numbers are written; here so that everything is drawn anew when it changes */
  numbers?: NumbersMode;
}

const SurroundingsContext = createContext<Surroundings | null>(null);

export function SurroundingsProvider({ value, children }: { value: Surroundings; children: ReactNode }) {
  return <SurroundingsContext value={value}>{children}</SurroundingsContext>;
}

/** The page's live store, repaint budget and language. @throws outside a provider */
export function useSurroundings(): Surroundings {
  const value = useContext(SurroundingsContext);
  if (!value) throw new Error("no SurroundingsProvider above");
  return value;
}
