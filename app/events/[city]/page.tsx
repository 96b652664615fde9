import "@/app/pages.css";
import { notFound } from "next/navigation";
import { Events } from "@/components/events/events";
import type { CityFacts } from "@/lib/contract/city";
import { fromGateway, pageLang } from "../../request";

export default async function Page({ params }: { params: Promise<{ city: string }> }) {
  const { city } = await params;
  const facts = await fromGateway<CityFacts>(`/api/v1/cities/${encodeURIComponent(city)}`);
  if (!facts?.events) notFound();
  return <Events city={facts} event={null} district="all" lang={await pageLang()} />;
}
