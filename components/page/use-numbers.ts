"use client";
import { useCallback, useEffect, useState } from "react";
import { NUMBER_MODES, setNumbersMode, type NumbersMode } from "@/components/ui/numbers";

const YEAR = 31_536_000;

/** How the page writes numbers, kept in a cookie so that the next page does the same. */
export function useNumbers(): [NumbersMode, () => void] {
  const [mode, setMode] = useState<NumbersMode>("auto");
  useEffect(() => {
    const kept = /(?:^|; )numbers=(\w+)/.exec(document.cookie)?.[1] as NumbersMode | undefined;
    if (kept && NUMBER_MODES.includes(kept)) setMode(kept);
  }, []);
  setNumbersMode(mode);
  const turn = useCallback(() => {
    setMode((before) => {
      const after = NUMBER_MODES[(NUMBER_MODES.indexOf(before) + 1) % NUMBER_MODES.length] ?? "auto";
      document.cookie = `numbers=${after}; path=/; max-age=${YEAR}; samesite=lax`;
      return after;
    });
  }, []);
  return [mode, turn];
}
