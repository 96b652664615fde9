"use client";
import { useMemo } from "react";
import { districtOf, parentOf, siblingsOf, type CityFacts, type Lang } from "@/lib/contract/city";
import { PageContextProvider } from "@/components/ui/page-context";
import { levelWord } from "@/components/ui/i18n";
import { usePage } from "@/components/page/use-page";
import { WallGrid } from "@/components/wall/wall-grid";
import { useWayUp } from "./use-way-up";
import { districtScreen } from "./district-screen";

/** One district: its map, its figures against the others', its events, its last hours. */
export function District({ city, adcode, lang: initialLang }: { city: CityFacts; adcode: string; lang: Lang }) {
  const { pageContext, player, toggleLang, turnNumbers } = usePage(initialLang, city);
  const screen = useMemo(() => districtScreen(city, adcode), [city, adcode]);
  const district = districtOf(city, adcode);
  const parent = parentOf(city, adcode);
  const up = parent ? `/district/${city.id}/${parent.adcode}` : `/wall/${city.id}/overview`;
  useWayUp(up);
  if (!pageContext || !screen || !district) return <div className="wall" />;
  const tabs = [
    parent
      ? {
          href: up,
          title: { zh: `‹ ${parent.short.zh}`, en: `‹ ${parent.short.en}` },
          current: false,
        }
      : {
          href: up,
          title: { zh: `‹ ${levelWord(city, "whole", "zh")}`, en: `‹ ${levelWord(city, "whole", "en")}` },
          current: false,
        },
    ...siblingsOf(city, adcode).map((d) => ({
      href: `/district/${city.id}/${d.adcode}`,
      title: d.short,
      current: d.adcode === adcode,
    })),
    { href: `/district/${city.id}/${adcode}?view=analysis`, title: { zh: "分析 ›", en: "Analysis ›" }, current: false },
  ];
  return (
    <PageContextProvider value={pageContext}>
      <WallGrid
        city={city}
        screen={screen}
        tabs={tabs}
        error={null}
        onLang={toggleLang}
        onNumbers={turnNumbers}
        player={player}
        heading={{
          zh: [city.name.zh, parent?.short.zh, district.name.zh].filter(Boolean).join(" · "),
          en: [city.name.en, parent?.short.en, district.name.en].filter(Boolean).join(" · "),
        }}
      />
    </PageContextProvider>
  );
}
