"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { every, monotonic } from "@/lib/clock";
import type { DisplayList } from "@/lib/contract/api/displays";
import type { Problem } from "@/lib/contract/api/problem";

/** How often displays are asked for, and how often their ages are told anew, ms. */
const ASK_EVERY = 5_000;
const BEAT = 1_000;

interface Known {
  list: DisplayList | null;
  /** when it came, by the monotonic clock */
  at: number;
  /** whether the last question was answered */
  up: boolean;
}

async function listed(): Promise<DisplayList> {
  const signal = AbortSignal.timeout(ASK_EVERY * 2);
  const response = await fetch("/api/v1/displays", { cache: "no-store", signal });
  if (!response.ok) throw new Error(`${response.status}`);
  return (await response.json()) as DisplayList;
}

/** The displays, and the moment that it is by the gateway's clock: time goes on where nothing is heard, so that nothing looks alive. */
export function useDisplays(): { list: DisplayList | null; now: number; up: boolean; again: () => void } {
  const [known, setKnown] = useState<Known>({ list: null, at: 0, up: true });
  const [beat, setBeat] = useState(0);
  const asked = useRef(0);
  const again = useCallback(() => {
    const number = ++asked.current;
    // What was changed meanwhile is in a later answer.
    const unlessLate = (next: (before: Known) => Known): void => {
      if (number === asked.current) setKnown(next);
    };
    listed().then(
      (list) => unlessLate(() => ({ list, at: monotonic(), up: true })),
      () => unlessLate((before) => ({ ...before, up: false })),
    );
  }, []);
  useEffect(() => {
    again();
    const stops = [every(ASK_EVERY, again), every(BEAT, () => setBeat(monotonic()))];
    return () => stops.forEach((stop) => stop());
  }, [again]);
  const { list, at, up } = known;
  return { list, now: list ? list.now + Math.max(0, beat - at) : 0, up, again };
}

/** What the gateway refused: its code, and the member that was wrong. */
export interface Refused {
  code: string | undefined;
  field: string | undefined;
}

/** Asks for a change. @returns null where it was made */
export async function change(method: "POST" | "DELETE", address: string, body?: object): Promise<Refused | null> {
  try {
    const response = await fetch(address, {
      method,
      ...(body ? { headers: { "content-type": "application/json" }, body: JSON.stringify(body) } : {}),
    });
    if (response.ok) return null;
    const { code, field } = (await response.json()) as Partial<Problem>;
    return { code, field };
  } catch {
    return { code: undefined, field: undefined };
  }
}
