"use client";
import { createContext, useContext, type ReactNode } from "react";
import type { Lang } from "@/lib/contract/city";
import type { Live } from "@/lib/live/read-metric";
import type { NumbersMode } from "./numbers";
import type { RenderScheduler } from "@/lib/live/render-scheduler";

/** What a page hands down: handles and the language, never live data itself. */
export interface PageContext {
  live: Live;
  scheduler: RenderScheduler;
  lang: Lang;
  /** how numbers are written; here so that everything is drawn anew when it changes */
  numbers?: NumbersMode;
  /** of the palette in use, for the same reason */
  theme?: string;
}

const PageContextHandle = createContext<PageContext | null>(null);

export function PageContextProvider({ value, children }: { value: PageContext; children: ReactNode }) {
  return <PageContextHandle value={value}>{children}</PageContextHandle>;
}

/** The page's live store, render scheduler and language. @throws outside a provider */
export function usePageContext(): PageContext {
  const value = useContext(PageContextHandle);
  if (!value) throw new Error("no PageContextProvider above");
  return value;
}
