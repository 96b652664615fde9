"use client";
import { useMemo } from "react";
import { districtOf, type CityFacts, type Lang } from "@/lib/contract/city";
import { SurroundingsProvider } from "@/components/ui/context";
import { usePageTime } from "@/components/wall/page-time";
import { useLang } from "@/components/wall/use-lang";
import { WallGrid } from "@/components/wall/wall-grid";
import { districtScreen } from "./district-screen";

/** One district: its map, its figures against the others', its events, its last hours. */
export function District({ city, adcode, lang: initialLang }: { city: CityFacts; adcode: string; lang: Lang }) {
  const time = usePageTime();
  const [lang, toggleLang] = useLang(initialLang);
  const screen = useMemo(() => districtScreen(city, adcode), [city, adcode]);
  const surroundings = useMemo(() => (time ? { live: time.live, repaint: time.page.repaint, lang } : null), [time?.live, time?.page, lang]);
  const district = districtOf(city, adcode);
  if (!surroundings || !screen || !district) return <div className="wall" />;
  const tabs = [
    { href: `/wall/${city.id}/overview`, title: { zh: "‹ 全市", en: "‹ City" }, current: false },
    ...city.districts.map((d) => ({ href: `/district/${city.id}/${d.adcode}`, title: d.short, current: d.adcode === adcode })),
    { href: `/district/${city.id}/${adcode}?view=analysis`, title: { zh: "分析 ›", en: "Analysis ›" }, current: false },
  ];
  return (
    <SurroundingsProvider value={surroundings}>
      <WallGrid city={city} screen={screen} tabs={tabs} error={null} onLang={toggleLang} player={time?.player ?? null} heading={{ zh: `${city.name.zh} · ${district.name.zh}`, en: `${city.name.en} · ${district.name.en}` }} />
    </SurroundingsProvider>
  );
}
