import "@/app/pages.css";
import { Displays } from "@/components/displays/displays";
import type { CityList } from "@/lib/contract/api/cities";
import { fromGateway, pageLang } from "../request";

export default async function Page({ searchParams }: { searchParams: Promise<{ lang?: string }> }) {
  const list = await fromGateway<CityList>("/api/v1/cities");
  const places = (list?.cities ?? []).map(({ id, name, screens }) => ({
    id,
    name,
    screens: screens.map(({ id: screen, title }) => ({ id: screen, title })),
  }));
  return <Displays places={places} lang={await pageLang((await searchParams).lang)} />;
}
