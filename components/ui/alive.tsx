"use client";
import { useEffect } from "react";
import { after } from "@/lib/clock";
import { markAlive } from "@/lib/live/recovery";
import { loadRestOfFonts } from "./fonts";

/**
 * What is likely to be written has its glyphs from the start; the rest must not take time from the first figures. Ms.
 */
const REST_OF_FONTS = 1_500;

/** Draws nothing; where it takes effect, the page has come to life. */
export function Alive() {
  useEffect(markAlive, []);
  useEffect(() => after(REST_OF_FONTS, () => void loadRestOfFonts()), []);
  return null;
}
