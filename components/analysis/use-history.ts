"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Lang } from "@/lib/contract/city";
import type { Points } from "./analysis-math";

/** One question to `GET /api/v1/history`. Times in ms, `step` in s. */
export interface Question {
  topics: string[];
  from: number;
  to: number;
  step: number;
  aggregate: "avg" | "last" | "max";
  fill?: "none" | "null";
  /** as it was known at this moment, ms */
  known?: number;
}

export type Answers<K extends string> = Partial<Record<K, Points[]>>;

/** The address that answers a question. */
export function historyUrl({ topics, from, to, step, aggregate, fill = "null", known }: Question, format?: "csv" | "xlsx", lang?: Lang): string {
  const ask = new URLSearchParams(topics.map((topic) => ["topic", topic]));
  ask.set("from", new Date(from).toISOString());
  ask.set("to", new Date(to).toISOString());
  ask.set("step", String(step));
  ask.set("agg", aggregate);
  ask.set("fill", fill);
  if (known !== undefined) ask.set("known", new Date(known).toISOString());
  if (format) ask.set("format", format);
  if (lang) ask.set("lang", lang);
  return `/api/v1/history?${ask.toString()}`;
}

async function askOne(question: Question, signal: AbortSignal): Promise<Points[]> {
  const response = await fetch(historyUrl(question), { signal });
  const body = (await response.json()) as { error?: { message: string }; series: { at: number[]; avg?: (number | null)[]; last?: (number | null)[]; max?: (number | null)[] }[] };
  if (!response.ok) throw new Error(body.error?.message ?? String(response.status));
  return body.series.map((series) => ({ at: series.at, value: series[question.aggregate] ?? [] }));
}

export interface Asked<K extends string> {
  answers: Answers<K>;
  /** 0 to 1 */
  done: number;
  busy: boolean;
  error: string | null;
  cancel: () => void;
}

/** Asks a set of named questions whenever it changes; answers of earlier sets are dropped, their questions called off. */
export function useHistory<K extends string>(questions: Record<K, Question | null>): Asked<K> {
  const key = JSON.stringify(questions);
  const [state, setState] = useState<{ answers: Answers<K>; done: number; all: number; error: string | null }>({ answers: {}, done: 0, all: 1, error: null });
  const controller = useRef<AbortController | null>(null);
  useEffect(() => {
    const asked = Object.entries(JSON.parse(key) as Record<K, Question | null>).filter((entry): entry is [K, Question] => entry[1] !== null);
    const own = new AbortController();
    controller.current = own;
    setState((before) => ({ answers: before.answers, done: 0, all: asked.length, error: null }));
    for (const [name, question] of asked) {
      askOne(question, own.signal).then(
        (points) => {
          if (!own.signal.aborted) setState((before) => ({ ...before, answers: { ...before.answers, [name]: points }, done: before.done + 1 }));
        },
        (error: unknown) => {
          if (!own.signal.aborted) setState((before) => ({ ...before, done: before.done + 1, error: (error as Error).message }));
        },
      );
    }
    return () => own.abort();
  }, [key]);
  const cancel = useCallback(() => {
    controller.current?.abort();
    setState((before) => ({ ...before, done: before.all }));
  }, []);
  return { answers: state.answers, done: state.done / state.all, busy: state.done < state.all, error: state.error, cancel };
}
