"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { readAnswer } from "@/lib/contract/answer";
import type { HistoryJson } from "@/lib/contract/api/history";
import type { Lang } from "@/lib/contract/city";
import { refusalText } from "@/components/page/refusal-text";
import type { Aggregate, Fill, Format } from "@/lib/contract/history";

/** One question to `GET /api/v1/history`. Times in ms, `step` in s. */
export interface Question {
  topics: string[];
  from: number;
  to: number;
  step: number;
  aggregates: Aggregate[];
  fill?: Fill;
  /** as it was known at this moment, ms */
  asOf?: number;
}

/** One topic's buckets: their starts (ms) and the aggregates asked for, null where nothing was observed. */
export interface Series {
  at: number[];
  values: Partial<Record<Aggregate, (number | null)[]>>;
  /** readings that their source called bad and that are in no aggregate */
  bad: number;
}

/** Series in the order of the question's topics, and how final they are. Times in ms. */
export interface Answer {
  series: Series[];
  /** everything that was acknowledged before it is in the answer */
  completeUntil: number | null;
  /** buckets that begin here or later, or hold it, may still change; null: none may */
  provisionalFrom: number | null;
}

/** Answers by the question's name, one for each of its parts. */
export type Answers<K extends string> = Partial<Record<K, Answer[]>>;

/** The address that answers a question. */
export function historyUrl(
  { topics, from, to, step, aggregates, fill = "null", asOf }: Question,
  format?: Format,
  lang?: Lang,
): string {
  const ask = new URLSearchParams(topics.map((topic) => ["topic", topic]));
  ask.set("from", new Date(from).toISOString());
  ask.set("to", new Date(to).toISOString());
  ask.set("step", String(step));
  ask.set("agg", aggregates.join(","));
  ask.set("fill", fill);
  if (asOf !== undefined) ask.set("asOf", new Date(asOf).toISOString());
  if (format) ask.set("format", format);
  if (lang) ask.set("lang", lang);
  return `/api/v1/history?${ask.toString()}`;
}

const moment = (text: string | null | undefined): number | null => (text ? Date.parse(text) : null);

async function askOne(question: Question, signal: AbortSignal): Promise<Answer> {
  const response = await fetch(historyUrl(question), { signal });
  const body = await readAnswer<HistoryJson>(response);
  const series = body.series.map((one): Series => ({
    at: one.at,
    values: Object.fromEntries(question.aggregates.map((name) => [name, one[name] ?? []])),
    bad: (one.bad ?? []).reduce((sum, n) => sum + n, 0),
  }));
  return { series, completeUntil: moment(body.completeUntil), provisionalFrom: moment(body.provisionalFrom) };
}

export interface Asked<K extends string> {
  answers: Answers<K>;
  /** 0 to 1 */
  done: number;
  busy: boolean;
  error: string | null;
  cancel: () => void;
}

interface Round<K extends string> {
  /** the set of questions that it is of */
  key: string;
  answers: Answers<K>;
  /** topics that each answer is of */
  topics: Partial<Record<K, string>>;
  done: number;
  all: number;
  error: string | null;
}

const topicsOf = (parts: Question[]): string => parts[0]?.topics.join(" ") ?? "";

/** The questions of a set that ask something at all. */
function askedOf<K extends string>(key: string): [K, Question[]][] {
  const all = Object.entries(JSON.parse(key) as Record<K, Question[]>) as [K, Question[]][];
  return all.filter(([, parts]) => parts.length > 0);
}

/** A set's round before its first answer: what stands of the one before is kept where it is of the same topics. */
function begun<K extends string>(key: string, before: Round<K>): Round<K> {
  const asked = askedOf<K>(key);
  const kept = asked.filter(
    ([name, parts]) => before.answers[name] !== undefined && before.topics[name] === topicsOf(parts),
  );
  return {
    key,
    answers: Object.fromEntries(kept.map(([name]) => [name, before.answers[name]])) as Answers<K>,
    topics: Object.fromEntries(asked.map(([name, parts]) => [name, topicsOf(parts)])) as Round<K>["topics"],
    done: 0,
    all: asked.length,
    error: null,
  };
}

/**
 * Asks a set of named questions whenever it changes; the parts of one come together. Answers of earlier sets stand
 * until the new ones come where they are of the same topics, else they are dropped; questions under way are called off.
 */
export function useHistory<K extends string>(questions: Record<K, Question[]>): Asked<K> {
  const key = JSON.stringify(questions);
  const [held, setHeld] = useState<Round<K>>({ key: "", answers: {}, topics: {}, done: 0, all: 1, error: null });
  // A new set begins with the render that brings it, so that no frame shows it as answered.
  const state = held.key === key ? held : begun(key, held);
  if (state !== held) setHeld(state);
  const controller = useRef<AbortController | null>(null);
  useEffect(() => {
    const own = new AbortController();
    controller.current = own;
    const tell = (change: (before: Round<K>) => Partial<Round<K>>): void => {
      if (!own.signal.aborted) setHeld((before) => ({ ...before, ...change(before), done: before.done + 1 }));
    };
    for (const [name, parts] of askedOf<K>(key)) {
      Promise.all(parts.map((part) => askOne(part, own.signal))).then(
        (answer) => tell((before) => ({ answers: { ...before.answers, [name]: answer } })),
        (error: unknown) => tell(() => ({ error: refusalText(error) })),
      );
    }
    return () => own.abort();
  }, [key, setHeld]);
  const cancel = useCallback(() => {
    controller.current?.abort();
    setHeld((before) => ({ ...before, done: before.all }));
  }, [setHeld]);
  return {
    answers: state.answers,
    done: state.done / state.all,
    busy: state.done < state.all,
    error: state.error,
    cancel,
  };
}
