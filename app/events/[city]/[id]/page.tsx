import { notFound } from "next/navigation";
import { Events } from "@/components/events/events";
import type { CityFacts } from "@/lib/contract/city";
import { fromGateway, pageLang } from "../../../request";

type Told = { events: { id: string; district: string }[] };

/** The district of an event: of those that are known now, else of the last month's. */
async function districtOfEvent(city: string, id: string): Promise<string | null> {
  const now = await fromGateway<{ topics: [Told] }>(`/api/v1/snapshot?topic=${encodeURIComponent(`events/${city}`)}`);
  const live = now?.topics[0].events.find((event) => event.id === id);
  if (live) return live.district;
  const past = await fromGateway<Told>(`/api/v1/history/events/${city}?from=now-31d`);
  return past?.events.find((event) => event.id === id)?.district ?? null;
}

export default async function Page({
  params,
  searchParams,
}: {
  params: Promise<{ city: string; id: string }>;
  searchParams: Promise<{ lang?: string }>;
}) {
  const { city, id: raw } = await params;
  const id = decodeURIComponent(raw);
  const facts = await fromGateway<CityFacts>(`/api/v1/cities/${encodeURIComponent(city)}`);
  const district = facts?.events ? await districtOfEvent(city, id) : null;
  if (!facts || district === null) notFound();
  return (
    <Events key={id} city={facts} event={id} district={district} lang={await pageLang((await searchParams).lang)} />
  );
}
