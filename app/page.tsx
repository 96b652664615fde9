import "@/app/pages.css";
import { Home, type HomeCity } from "@/components/home/home";
import type { CityFacts } from "@/lib/contract/city";
import type { CityList } from "@/lib/contract/api/cities";
import { fromGateway, pageLang, pageMe } from "./request";

export default async function Page() {
  const list = await fromGateway<CityList>("/api/v1/cities");
  const cities = await Promise.all(
    (list?.cities ?? []).map(async ({ id, screens }) => ({
      facts: await fromGateway<CityFacts>(`/api/v1/cities/${id}`),
      screens,
    })),
  );
  return (
    <Home
      cities={cities.filter((city) => city.facts !== null) as HomeCity[]}
      broken={list?.broken ?? []}
      me={await pageMe()}
      lang={await pageLang()}
    />
  );
}
