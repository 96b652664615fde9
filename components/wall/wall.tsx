"use client";
import "./backdrop.css";
import "./turned.css";
import { useRouter } from "next/navigation";
import { useCallback, useEffect, useState } from "react";
import type { CityFacts, Lang, Text } from "@/lib/contract/city";
import { displayOf, typeScale } from "@/lib/contract/screens";
import type { ScreenMessage } from "@/lib/contract/socket-messages";
import { PageContextProvider } from "@/components/ui/page-context";
import type { PastPlayer } from "@/lib/live/replay-player";
import { preloadViews } from "@/components/widgets/preload";
import { PastLayout, type LayoutProps } from "../page/past-layout";
import type { Tab } from "../page/title-bar";
import { SplitView } from "./split-view";
import { useTurned } from "./turned";
import { usePage } from "../page/use-page";
import { WallGrid } from "./wall-grid";

interface WallProps {
  city: CityFacts;
  initial: ScreenMessage;
  screens: { id: string; title: Text; zone?: string }[];
  lang: Lang;
}

/** How a place looks whose files say nothing of it. */
const PLAIN = {};

/** A live screen that follows its file: an edit shows within two seconds, a faulty one is named and not shown. */
export function Wall({ city, initial, screens, lang: initialLang }: WallProps) {
  const [message, setMessage] = useState(initial);
  const { time, pageContext, player, toggleLang, turnNumbers } = usePage(initialLang, city, message.theme ?? PLAIN);
  const turned = useTurned(`${initial.city}/${initial.screen}`);
  const page = time?.page;
  const router = useRouter();

  useEffect(
    () => page?.socket.watchScreen(initial.city, initial.screen, setMessage),
    [page, initial.city, initial.screen],
  );

  useEffect(() => preloadViews(initial.layout?.tiles ?? []), [initial]);

  const turn = useCallback(
    (by: 1 | -1) => {
      const own = inZone(screens, initial.screen);
      const at = own.findIndex((screen) => screen.id === initial.screen);
      const next = own[(at + by + own.length) % own.length];
      if (next) router.push(`/wall/${city.id}/${next.id}`);
    },
    [screens, initial.screen, router, city.id],
  );

  const screen = message.layout;
  if (!pageContext) return <div className="wall" data-type-scale={screen ? typeScale(displayOf(screen, city)) : 1} />;
  const own = { city, tabs: tabsOf(city, screens, initial.screen), onLang: toggleLang, onNumbers: turnNumbers };
  const split = player ? (time?.split ?? null) : null;
  const layout = screen && { present: screen, name: initial.screen };
  return (
    <PageContextProvider value={pageContext}>
      {!layout && <NoLayout error={message.error} />}
      {layout && player && split && <SplitView {...own} {...layout} player={player} split={split} />}
      {layout && !split && (
        <WallAt player={player} city={city} {...layout}>
          {(shown) => (
            <WallGrid
              {...own}
              screen={shown}
              error={message.error}
              onTurn={turn}
              heading={city.center}
              zone={zoneName(city, screens, initial.screen)}
              player={player}
              splitView
              turned={turned}
            />
          )}
        </WallAt>
      )}
    </PageContextProvider>
  );
}

/** A screen whose file was faulty before it was ever good. */
function NoLayout({ error }: { error: string | null }) {
  return (
    <div className="wall">
      <div className="banner banner-config" role="alert">
        {error}
      </div>
    </div>
  );
}

function zoneOf(screens: WallProps["screens"], id: string): string | undefined {
  return screens.find((screen) => screen.id === id)?.zone;
}

/** The screens of the same zone, and each other zone by its first one. */
function tabsOf(city: CityFacts, screens: WallProps["screens"], id: string): Tab[] {
  const others = (city.zones ?? []).filter((zone) => zone.id !== zoneOf(screens, id));
  return [
    ...inZone(screens, id).map((screen) => ({
      href: `/wall/${city.id}/${screen.id}`,
      title: screen.title,
      current: screen.id === id,
    })),
    ...others.flatMap(({ id: zone, name }) => {
      const first = screens.find((screen) => screen.zone === zone);
      if (!first) return [];
      const title = { zh: `${name.zh} ›`, en: `${name.en} ›` };
      return [{ href: `/wall/${city.id}/${first.id}`, title, current: false }];
    }),
  ];
}

/** The name of a screen's zone; undefined where its place has none. */
function zoneName(city: CityFacts, screens: WallProps["screens"], id: string): Text | undefined {
  return city.zones?.find((zone) => zone.id === zoneOf(screens, id))?.name;
}

/** The screens of the zone that this one belongs to. */
function inZone(screens: WallProps["screens"], id: string): WallProps["screens"] {
  const zone = zoneOf(screens, id);
  return screens.filter((screen) => screen.zone === zone);
}

/** The layout of the moment that is shown. */
function WallAt({ player, present, children, ...of }: LayoutProps & { player: PastPlayer | null }) {
  return player ? (
    <PastLayout player={player} present={present} {...of}>
      {children}
    </PastLayout>
  ) : (
    <>{children(present)}</>
  );
}
