"use client";
import { SPEEDS, type PastPlayer } from "@/lib/live/replay-player";
import { t, type Word } from "@/components/ui/i18n";
import { usePageContext } from "@/components/ui/page-context";
import { usePlayerState } from "./page-time";
import type { Moves } from "./time-moves";

const MINUTE = 60_000;

const SHAPES = {
  lastEvent: "M6 5h2.4v14H6zm12.5 0v14L9.5 12z",
  earlier: "M12.5 5v14L4 12zm8 0v14L12 12z",
  play: "M7 4.5v15L20 12z",
  pause: "M6 5h4v14H6zm8 0h4v14h-4z",
  later: "M11.5 5v14L20 12zm-8 0v14L12 12z",
  nextEvent: "M15.6 5H18v14h-2.4zM5.5 5v14l9-7z",
} as const satisfies Partial<Record<Word, string>>;

/** A button by its shape; `stroke` is the key that does the same. */
function Key({ word, stroke, onPress }: { word: keyof typeof SHAPES; stroke?: string; onPress: () => void }) {
  const { lang } = usePageContext();
  return (
    <button
      type="button"
      className={stroke === undefined ? "time-play" : undefined}
      onClick={onPress}
      aria-label={t(lang, word)}
      title={stroke && `${t(lang, word)} ${stroke}`}
    >
      <svg viewBox="0 0 24 24">
        <path d={SHAPES[word]} />
      </svg>
    </button>
  );
}

/** From event to event, from minute to minute, and on. */
export function TimeKeys({ moves, playing }: { moves: Moves; playing: boolean }) {
  return (
    <div className="time-keys">
      <Key word="lastEvent" stroke="[" onPress={() => moves.jump(-1)} />
      <Key word="earlier" stroke="," onPress={() => moves.step(-MINUTE)} />
      <Key word={playing ? "pause" : "play"} onPress={moves.toggle} />
      <Key word="later" stroke="." onPress={() => moves.step(MINUTE)} />
      <Key word="nextEvent" stroke="]" onPress={() => moves.jump(1)} />
    </div>
  );
}

/** How fast the past plays. */
export function Speeds({ player }: { player: PastPlayer }) {
  const { lang } = usePageContext();
  const { speed: chosen } = usePlayerState(player);
  return (
    <div className="time-speeds" role="group" aria-label={t(lang, "speed")}>
      {SPEEDS.map((speed) => (
        <button
          key={speed}
          type="button"
          className="figure"
          aria-pressed={chosen === speed}
          onClick={() => player.setSpeed(speed)}
        >
          {speed}×
        </button>
      ))}
    </div>
  );
}
