import { useEffect, useState } from "react";
import { after } from "@/lib/clock";

/** The screen that this page showed last; null: none yet. */
let shown: string | null = null;

/** ms after which all tiles have come, on a slow machine as well: what is laid out anew later is no turn. */
const OVER = 1_500;

/** Whether a screen takes the place of another on the same page. */
export function isTurn(before: string | null, now: string): boolean {
  return before !== null && before !== now;
}

/** Whether this screen, named by its place and itself, was just turned to from another. The first one of a page comes as fast as it can. */
export function useTurned(screen: string): boolean {
  const [turned, setTurned] = useState(() => isTurn(shown, screen));
  useEffect(() => {
    shown = screen;
    return after(OVER, () => setTurned(false));
  }, [screen]);
  return turned;
}
