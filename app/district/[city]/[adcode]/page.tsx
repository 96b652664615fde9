import { notFound } from "next/navigation";
import { District } from "@/components/district/district";
import { districtOf, type CityFacts } from "@/lib/contract/city";
import { fromGateway, pageLang } from "../../../request";

export default async function Page({ params, searchParams }: { params: Promise<{ city: string; adcode: string }>; searchParams: Promise<{ lang?: string }> }) {
  const { city, adcode } = await params;
  const facts = await fromGateway<CityFacts>(`/api/v1/cities/${encodeURIComponent(city)}`);
  if (!facts || !districtOf(facts, adcode)) notFound();
  return <District key={adcode} city={facts} adcode={adcode} lang={await pageLang((await searchParams).lang)} />;
}
