"use client";
import type { FeatureCollection } from "geojson";
import { useCallback, useState } from "react";
import { readAnswer } from "@/lib/contract/answer";
import type { AnnotationRequest, AnnotationsAnswer } from "@/lib/contract/api/annotations";
import type { ExtentAnswer } from "@/lib/contract/api/history";
import type { CityEvent } from "@/lib/contract/events";
import type { Annotation, PastEvents } from "@/lib/contract/history";
import { refusalText } from "@/components/page/refusal-text";
import { useAnswer } from "@/components/page/use-answer";

interface Range {
  city: string;
  /** ms */
  from: number;
  to: number;
}

const stretch = ({ from, to }: Range): string =>
  `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`;

/** Events of a range; while others are asked for, those of the range before. */
export interface Events {
  events: CityEvent[];
  cut: boolean;
  busy: boolean;
  error: string | null;
}

/**
 * Events of a city that were opened in a range, newest first.
 * @param asOf as they were known then, ms; null asks nothing
 */
export function useEvents(range: Range | null, asOf?: number): Events {
  const { answer, busy, error } = useAnswer<PastEvents>(
    range &&
      `/api/v1/history/events/${range.city}?${stretch(range)}${asOf === undefined ? "" : `&asOf=${new Date(asOf).toISOString()}`}`,
  );
  return { events: answer?.events ?? [], cut: answer?.cut ?? false, busy, error };
}

export interface Notes {
  notes: Annotation[];
  error: string | null;
  add: (note: AnnotationRequest) => Promise<boolean>;
  remove: (id: string) => Promise<void>;
}

/** Notes of a city that touch a range, and what changes them. */
export function useNotes(range: Range | null, city: string): Notes {
  const [again, setAgain] = useState(0);
  const [refused, setRefused] = useState<string | null>(null);
  const { answer, error } = useAnswer<AnnotationsAnswer>(
    range && `/api/v1/annotations/${range.city}?${stretch(range)}`,
    again,
  );
  const send = useCallback(
    async (path: string, init: RequestInit): Promise<boolean> => {
      const why = await fetch(`/api/v1/annotations/${city}${path}`, init)
        .then(readAnswer)
        .then(() => null, refusalText);
      setRefused(why);
      setAgain((n) => n + 1);
      return why === null;
    },
    [city],
  );
  return {
    notes: answer?.annotations ?? [],
    error: refused ?? error,
    add: (note) =>
      send("", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(note) }),
    remove: async (id) => void (await send(`/${id}`, { method: "DELETE" })),
  };
}

/** ms between two looks at how far back the store goes. */
const EXTENT_REFRESH = 600_000;

/** The first moment (ms) of which something is kept of a city; null while that is not known, or where nothing is. */
export function useExtent(city: string): number | null {
  const from = useAnswer<ExtentAnswer>(`/api/v1/history/extent/${city}`, 0, EXTENT_REFRESH).answer?.from;
  return from ? Date.parse(from) : null;
}

/** A city's outlines, or those of the parts of a district; null until they are there. */
export function useOutlines(city: string, of?: string): FeatureCollection | null {
  return useAnswer<FeatureCollection>(
    `/api/v1/cities/${city}/${of === undefined ? "districts" : `subdivisions/${of}`}.geojson`,
  ).answer;
}
