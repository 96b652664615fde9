"use client";
import { useMemo } from "react";
import type { CityFacts, Lang } from "@/lib/contract/city";
import { PageContextProvider } from "@/components/ui/page-context";
import { usePage } from "@/components/page/use-page";
import { WallGrid } from "@/components/wall/wall-grid";
import { eventScreen, eventsScreen } from "./event-screen";

/** A city's events, or one of them from start to end. */
export function Events({
  city,
  event,
  district,
  lang: initialLang,
}: {
  city: CityFacts;
  event: string | null;
  district: string;
  lang: Lang;
}) {
  const { pageContext, player, toggleLang, turnNumbers } = usePage(initialLang, city);
  const screen = useMemo(
    () => (event === null ? eventsScreen(city) : eventScreen(city, event, district)),
    [city, event, district],
  );
  if (!pageContext) return <div className="wall" />;
  const tabs = [
    { href: `/wall/${city.id}/overview`, title: { zh: "‹ 大屏", en: "‹ Wall" }, current: false },
    { href: `/events/${city.id}`, title: { zh: "全部事件", en: "All events" }, current: event === null },
    ...(event === null
      ? []
      : [
          {
            href: `/events/${city.id}/${encodeURIComponent(event)}`,
            title: { zh: "办理全过程", en: "From start to end" },
            current: true,
          },
        ]),
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
        heading={{ zh: `${city.name.zh} · 事件`, en: `${city.name.en} · Events` }}
      />
    </PageContextProvider>
  );
}
