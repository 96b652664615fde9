"use client";
import type { QualityAnswer } from "@/lib/contract/quality";
import type { PlayerState } from "@/lib/live/replay-player";
import { useAnswer } from "./use-answer";

const DAY = 86_400_000;
/** A page may stay open for hours: ms until completeness, lag and corrections are asked for anew. */
const REFRESH = 60_000;

/**
 * How complete, how late and how often corrected a topic's readings are, of the week up to where the time machine stands (to the
 * second, as it jumps or pauses), or up to now.
 * @param past what is shown of the past; null: the present
 */
export function useQuality(
  topic: string,
  past: PlayerState | null,
): { quality: QualityAnswer | null; error: string | null } {
  const at = past && Math.floor(past.at / 1_000) * 1_000;
  const ask = new URLSearchParams({ topic });
  if (at !== null) {
    ask.set("from", new Date(at - 7 * DAY).toISOString());
    ask.set("to", new Date(at).toISOString());
    if (past?.knowledge === "then") ask.set("asOf", new Date(at).toISOString());
  }
  const { answer, error } = useAnswer<QualityAnswer>(
    `/api/v1/history/quality?${ask.toString()}`,
    0,
    at === null ? REFRESH : 0,
  );
  return { quality: answer, error };
}
