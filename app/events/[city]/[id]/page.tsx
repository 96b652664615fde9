import "@/app/pages.css";
import { notFound } from "next/navigation";
import { Events } from "@/components/events/events";
import type { CityFacts } from "@/lib/contract/city";
import { askGateway, fromGateway, pageLang } from "../../../request";

/** The district of an event, however old it is; null where nobody knows it, `all` while the store cannot be asked. */
async function districtOfEvent(city: string, id: string): Promise<string | null> {
  const path = `/api/v1/history/events/${encodeURIComponent(city)}/${encodeURIComponent(id)}`;
  const { status, answer } = await askGateway<{ event: { district: string } }>(path);
  if (status === 503) return "all";
  return answer?.event.district ?? null;
}

export default async function Page({ params }: { params: Promise<{ city: string; id: string }> }) {
  const { city, id: raw } = await params;
  const id = decodeURIComponent(raw);
  const facts = await fromGateway<CityFacts>(`/api/v1/cities/${encodeURIComponent(city)}`);
  const district = facts?.events ? await districtOfEvent(city, id) : null;
  if (!facts || district === null) notFound();
  return <Events key={id} city={facts} event={id} district={district} lang={await pageLang()} />;
}
