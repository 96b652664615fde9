"use client";
import { useRouter } from "next/navigation";
import { useCallback, useEffect, useState } from "react";
import type { CityFacts, Lang, Text } from "@/lib/contract/city";
import type { ScreenMessage } from "@/lib/contract/socket-messages";
import { PageContextProvider } from "@/components/ui/page-context";
import type { PastPlayer } from "@/lib/live/replay-player";
import { PastLayout, type LayoutProps } from "../page/past-layout";
import { SplitView } from "./split-view";
import { usePage } from "../page/use-page";
import { WallGrid } from "./wall-grid";

interface WallProps {
  city: CityFacts;
  initial: ScreenMessage;
  screens: { id: string; title: Text; zone?: string }[];
  lang: Lang;
}

/** A live screen that follows its file: an edit shows within two seconds, a faulty one is named and not shown. */
export function Wall({ city, initial, screens, lang: initialLang }: WallProps) {
  const { time, pageContext, player, toggleLang, turnNumbers } = usePage(initialLang);
  const page = time?.page;
  const router = useRouter();
  const [message, setMessage] = useState(initial);

  useEffect(
    () => page?.socket.watchScreen(initial.city, initial.screen, setMessage),
    [page, initial.city, initial.screen],
  );

  const turn = useCallback(
    (by: 1 | -1) => {
      const own = inZone(screens, initial.screen);
      const at = own.findIndex((screen) => screen.id === initial.screen);
      const next = own[(at + by + own.length) % own.length];
      if (next) router.push(`/wall/${city.id}/${next.id}`);
    },
    [screens, initial.screen, router, city.id],
  );

  if (!pageContext) return <div className="wall" />;
  const screen = message.layout;
  const zone = screens.find(({ id }) => id === initial.screen)?.zone;
  const tabs = [
    ...inZone(screens, initial.screen).map(({ id, title }) => ({
      href: `/wall/${city.id}/${id}`,
      title,
      current: id === initial.screen,
    })),
    // The other zones' sets of screens, each by its first one.
    ...(city.zones ?? [])
      .filter(({ id }) => id !== zone)
      .flatMap(({ id, name }) => {
        const first = screens.find((one) => one.zone === id);
        return first
          ? [
              {
                href: `/wall/${city.id}/${first.id}`,
                title: { zh: `${name.zh} ›`, en: `${name.en} ›` },
                current: false,
              },
            ]
          : [];
      }),
  ];
  const zoneName = city.zones?.find(({ id }) => id === zone)?.name;
  const heading = zoneName
    ? { zh: `${city.center.zh} · ${zoneName.zh}`, en: `${city.center.en} · ${zoneName.en}` }
    : city.center;
  if (screen && player && time?.split) {
    return (
      <PageContextProvider value={pageContext}>
        <SplitView
          city={city}
          present={screen}
          name={initial.screen}
          tabs={tabs}
          onLang={toggleLang}
          onNumbers={turnNumbers}
          player={player}
          split={time.split}
        />
      </PageContextProvider>
    );
  }
  return (
    <PageContextProvider value={pageContext}>
      {screen ? (
        <WallAt player={player} present={screen} name={initial.screen} city={city}>
          {(shown) => (
            <WallGrid
              city={city}
              screen={shown}
              tabs={tabs}
              error={message.error}
              onLang={toggleLang}
              onTurn={turn}
              onNumbers={turnNumbers}
              heading={heading}
              player={player}
              splitView
            />
          )}
        </WallAt>
      ) : (
        <div className="wall">
          <div className="banner banner-config" role="alert">
            {message.error}
          </div>
        </div>
      )}
    </PageContextProvider>
  );
}

/** The screens of the zone that this one belongs to. */
function inZone(screens: WallProps["screens"], id: string): WallProps["screens"] {
  const zone = screens.find((screen) => screen.id === id)?.zone;
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
