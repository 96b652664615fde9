"use client";
import { useEffect, useState } from "react";
import type { CityList } from "@/lib/contract/api/cities";
import type { CityFacts, Lang, Text } from "@/lib/contract/city";
import { send } from "./send";
import { word } from "./words";

/** A city with its feeds. */
export interface CityFeeds {
  id: string;
  name: Text;
  feeds: { id: string; name: Text }[];
}

/** Every feed of a city. */
export const ANY_FEED = "*";

async function feedsTold(): Promise<CityFeeds[]> {
  const { answer } = await send<CityList>("GET", "/api/v1/cities");
  return Promise.all(
    (answer?.cities ?? []).map(async ({ id, name }) => {
      const { answer: facts } = await send<CityFacts>("GET", `/api/v1/cities/${id}`);
      const feeds = Object.entries(facts?.systems ?? {}).map(([feed, system]) => ({ id: feed, name: system.name }));
      return { id, name, feeds };
    }),
  );
}

/** Cities that are configured with their feeds; none until they are known. */
export function useFeeds(): CityFeeds[] {
  const [feeds, setFeeds] = useState<CityFeeds[]>([]);
  useEffect(() => {
    let isOver = false;
    void feedsTold().then((told) => {
      if (!isOver) setFeeds(told);
    });
    return () => {
      isOver = true;
    };
  }, []);
  return feeds;
}

/** What a token is called: by its feed, whose ids stand for names until those are known; or by what it is for, where it has none. */
export function nameOfToken(
  feeds: readonly CityFeeds[],
  lang: Lang,
  { city, feed }: { city: string | null; feed: string | null },
): string {
  if (city === null || feed === null) return word(lang, "monitoring");
  const place = feeds.find(({ id }) => id === city);
  const system = place?.feeds.find(({ id }) => id === feed);
  const name = feed === ANY_FEED ? word(lang, "allFeeds") : (system?.name[lang] ?? feed);
  return `${place?.name[lang] ?? city} · ${name}`;
}
