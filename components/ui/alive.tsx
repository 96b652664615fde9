"use client";
import { useEffect } from "react";
import { markAlive } from "@/lib/live/recovery";

/** Draws nothing; where it takes effect, the page has come to life. */
export function Alive() {
  useEffect(markAlive, []);
  return null;
}
