import "@/app/pages.css";
import { Compare } from "@/components/compare/compare";
import type { CityFacts } from "@/lib/contract/city";
import type { CityList, IndicatorList } from "@/lib/contract/api/cities";
import { fromGateway, pageLang } from "../request";

export default async function Page({ searchParams }: { searchParams: Promise<{ indicator?: string }> }) {
  const { indicator } = await searchParams;
  const [list, told] = await Promise.all([
    fromGateway<CityList>("/api/v1/cities"),
    fromGateway<IndicatorList>("/api/v1/indicators"),
  ]);
  const cities = await Promise.all(
    (list?.cities ?? []).map(({ id }) => fromGateway<CityFacts>(`/api/v1/cities/${id}`)),
  );
  return (
    <Compare
      cities={cities.filter((city) => city !== null)}
      indicators={told?.indicators ?? []}
      asked={indicator ?? null}
      lang={await pageLang()}
    />
  );
}
