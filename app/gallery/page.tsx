import "@/app/pages.css";
import { Gallery } from "@/components/gallery/gallery";
import type { CityFacts } from "@/lib/contract/city";
import { notFound } from "next/navigation";
import type { CityList } from "@/lib/contract/api/cities";
import { fromGateway, pageLang } from "../request";

export default async function Page() {
  const list = await fromGateway<CityList>("/api/v1/cities");
  const first = list?.cities[0];
  const facts = first ? await fromGateway<CityFacts>(`/api/v1/cities/${first.id}`) : null;
  if (!facts) notFound();
  return <Gallery city={facts} lang={await pageLang()} />;
}
