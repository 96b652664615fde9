import "@/app/pages.css";
import { notFound } from "next/navigation";
import { MetricPage } from "@/components/metric/metric-page";
import { districtOf, metricOf, type CityFacts } from "@/lib/contract/city";
import { fromGateway, mustBeSeen, pageLang, placesSeen } from "../../../request";

export default async function Page({
  params,
  searchParams,
}: {
  params: Promise<{ city: string; metric: string }>;
  searchParams: Promise<{ district?: string }>;
}) {
  const { city, metric } = await params;
  const { district = "all" } = await searchParams;
  const facts = await fromGateway<CityFacts>(`/api/v1/cities/${encodeURIComponent(city)}`);
  if (!facts || !metricOf(facts, metric) || (district !== "all" && !districtOf(facts, district))) notFound();
  mustBeSeen(await placesSeen(facts), district);
  return (
    <MetricPage key={`${metric} ${district}`} city={facts} id={metric} district={district} lang={await pageLang()} />
  );
}
