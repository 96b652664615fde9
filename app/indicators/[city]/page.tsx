import "@/app/pages.css";
import { notFound } from "next/navigation";
import { Indicators } from "@/components/indicators/indicators";
import type { CityFacts } from "@/lib/contract/city";
import { fromGateway, pageLang } from "../../request";

export default async function Page({ params }: { params: Promise<{ city: string }> }) {
  const facts = await fromGateway<CityFacts>(`/api/v1/cities/${encodeURIComponent((await params).city)}`);
  if (!facts) notFound();
  return <Indicators city={facts} lang={await pageLang()} />;
}
