"use client";
import { useEffect, useState } from "react";
import type { CityList } from "@/lib/contract/api/cities";
import type { CityFacts, Lang, Text } from "@/lib/contract/city";
import { send } from "./send";
import type { PlaceNames } from "./words";

/** A city with its districts and screens, as far as who looks may know of them. */
export interface Place {
  id: string;
  name: Text;
  districts: { code: string; name: Text; within: { code: string; name: Text }[] }[];
  screens: { id: string; title: Text }[];
}

async function placesTold(): Promise<Place[]> {
  const { answer } = await send<CityList>("GET", "/api/v1/cities");
  return Promise.all(
    (answer?.cities ?? []).map(async ({ id, name, screens }) => {
      const { answer: facts } = await send<CityFacts>("GET", `/api/v1/cities/${id}`);
      const districts = (facts?.districts ?? []).map((district) => ({
        code: district.adcode,
        name: district.name,
        within: (district.subdivisions ?? []).map((one) => ({ code: one.adcode, name: one.name })),
      }));
      return { id, name, districts, screens };
    }),
  );
}

/** Cities that are configured; none until they are known. */
export function usePlaces(): Place[] {
  const [places, setPlaces] = useState<Place[]>([]);
  useEffect(() => {
    let isOver = false;
    void placesTold().then((told) => {
      if (!isOver) setPlaces(told);
    });
    return () => {
      isOver = true;
    };
  }, []);
  return places;
}

/** What places are called; by their codes until that is known. */
export function nameIn(places: readonly Place[], lang: Lang): PlaceNames {
  return (city, district) => {
    const place = places.find(({ id }) => id === city);
    if (district === undefined) return place?.name[lang] ?? city;
    const all = place?.districts.flatMap((one) => [one, ...one.within]);
    return all?.find(({ code }) => code === district)?.name[lang] ?? district;
  };
}
