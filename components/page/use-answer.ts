"use client";
import { useEffect, useState } from "react";
import { every } from "@/lib/clock";
import { readAnswer } from "@/lib/contract/answer";
import { refusalText } from "./refusal-text";

export interface Answered<T> {
  answer: T | null;
  error: string | null;
  /** true while what is asked has no answer yet: what stands then is of the address before */
  busy: boolean;
}

/**
 * What an address of the API answers, the last good answer while another is asked for. `null` asks nothing.
 * @param again asks anew when it changes @param refresh ms after which it is asked anew by itself; 0: never
 */
export function useAnswer<T>(url: string | null, again = 0, refresh = 0): Answered<T> {
  const key = `${again} ${url}`;
  const [state, setState] = useState<Omit<Answered<T>, "busy"> & { key: string }>({
    key: "",
    answer: null,
    error: null,
  });
  const [round, setRound] = useState(0);
  useEffect(() => (refresh > 0 ? every(refresh, () => setRound((n) => n + 1)) : undefined), [refresh]);
  useEffect(() => {
    if (!url) return;
    const controller = new AbortController();
    fetch(url, { signal: controller.signal })
      .then(async (response) => setState({ key, answer: await readAnswer<T>(response), error: null }))
      .catch((error: unknown) => {
        if (!controller.signal.aborted) setState((before) => ({ ...before, key, error: refusalText(error) }));
      });
    return () => controller.abort();
  }, [url, key, round]);
  return { answer: state.answer, error: state.error, busy: url !== null && state.key !== key };
}
