"use client";
import { useEffect, useMemo } from "react";
import type { CityEvent } from "@/lib/contract/events";
import { SPEEDS, type PastPlayer } from "@/lib/live/replay-player";
import { typing } from "./page-time";

const MINUTE = 60_000;
/** An event this close (ms) is the one that is shown: a jump goes on from it. */
const HERE = 1_000;

/** What the buttons and the keys of the time bar do. */
export interface Moves {
  /** by so many ms */
  step: (ms: number) => void;
  /** to the next event, or the one before */
  jump: (by: 1 | -1) => void;
  faster: (by: 1 | -1) => void;
  toggle: () => void;
}

function movesOf(player: PastPlayer, events: CityEvent[]): Moves {
  return {
    step: (ms) => player.seek(player.state().at + ms),
    jump(by) {
      const { at } = player.state();
      const found =
        by > 0 ? events.find((event) => event.at > at + HERE) : events.findLast((event) => event.at < at - HERE);
      if (found) player.seek(found.at);
    },
    faster(by) {
      const next = SPEEDS[SPEEDS.indexOf(player.state().speed) + by];
      if (next) player.setSpeed(next);
    },
    toggle: () => player.play(!player.state().playing),
  };
}

/** The moves, on the page's keys as well. @param events of the day, oldest first */
export function useMoves(player: PastPlayer, events: CityEvent[]): Moves {
  const moves = useMemo(() => movesOf(player, events), [player, events]);
  useEffect(() => {
    const keys: Record<string, () => void> = {
      " ": moves.toggle,
      ",": () => moves.step(-MINUTE),
      ".": () => moves.step(MINUTE),
      "[": () => moves.jump(-1),
      "]": () => moves.jump(1),
      "-": () => moves.faster(-1),
      "=": () => moves.faster(1),
      "+": () => moves.faster(1),
    };
    const onKey = (event: KeyboardEvent): void => {
      const act = keys[event.key];
      if (!act || event.altKey || event.ctrlKey || event.metaKey || typing(event)) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [moves]);
  return moves;
}
