import "@/app/pages.css";
import { notFound } from "next/navigation";
import { Analysis } from "@/components/analysis/analysis";
import { District } from "@/components/district/district";
import { districtOf, type CityFacts } from "@/lib/contract/city";
import { fromGateway, mustBeSeen, pageLang, placesSeen } from "../../../request";

export default async function Page({
  params,
  searchParams,
}: {
  params: Promise<{ city: string; adcode: string }>;
  searchParams: Promise<Record<string, string | undefined>>;
}) {
  const { city, adcode } = await params;
  const facts = await fromGateway<CityFacts>(`/api/v1/cities/${encodeURIComponent(city)}`);
  if (!facts || !districtOf(facts, adcode)) notFound();
  const seen = await placesSeen(facts);
  mustBeSeen(seen, adcode);
  const { lang: _lang, ...query } = await searchParams;
  const lang = await pageLang();
  if (query.view === "analysis")
    return (
      <Analysis
        key={adcode}
        city={facts}
        adcode={adcode}
        lang={lang}
        seen={seen}
        query={new URLSearchParams(query as Record<string, string>).toString()}
      />
    );
  return <District key={adcode} city={facts} adcode={adcode} lang={lang} />;
}
