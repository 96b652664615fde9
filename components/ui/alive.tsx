"use client";
import { useEffect } from "react";
import { after } from "@/lib/clock";
import { markAlive } from "@/lib/live/recovery";
import { onSessionChanged } from "@/lib/live/session-change";
import { loadRestOfFonts } from "./fonts";

/**
 * What is likely to be written has its glyphs from the start; the rest must not take time from the first figures. Ms.
 */
const REST_OF_FONTS = 1_500;

/** Draws nothing; where it takes effect, the page has come to life. */
export function Alive() {
  useEffect(markAlive, []);
  // Asked for anew, as whoever looks at it now: what a page without live data holds would stand there else.
  useEffect(() => onSessionChanged(() => window.location.reload()), []);
  useEffect(() => after(REST_OF_FONTS, () => void loadRestOfFonts()), []);
  return null;
}
