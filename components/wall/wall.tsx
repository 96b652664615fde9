"use client";
import { useRouter } from "next/navigation";
import { useCallback, useEffect, useMemo, useState, type ReactNode } from "react";
import { every } from "@/lib/clock";
import type { CityFacts, Lang, Text } from "@/lib/contract/city";
import type { ScreenMessage } from "@/lib/contract/live";
import type { Screen } from "@/lib/contract/screens";
import { SurroundingsProvider } from "@/components/ui/context";
import type { PastPlayer } from "@/lib/live/past";
import { usePageTime, usePlayerState } from "./page-time";
import { useLang } from "./use-lang";
import { WallGrid } from "./wall-grid";

/** ms between two looks for another layout while the past plays. */
const LAYOUT_EVERY = 5_000;

interface WallProps {
  city: CityFacts;
  initial: ScreenMessage;
  screens: { id: string; title: Text }[];
  lang: Lang;
}

/** A live screen that follows its file: an edit shows within two seconds, a faulty one is named and not shown. */
export function Wall({ city, initial, screens, lang: initialLang }: WallProps) {
  const time = usePageTime();
  const page = time?.page;
  const router = useRouter();
  const [message, setMessage] = useState(initial);
  const [lang, toggleLang] = useLang(initialLang);

  useEffect(() => page?.socket.watchScreen(initial.city, initial.screen, setMessage), [page, initial.city, initial.screen]);

  const surroundings = useMemo(() => (time ? { live: time.live, repaint: time.page.repaint, lang } : null), [time?.live, time?.page, lang]);
  const turn = useCallback((by: 1 | -1) => {
    const at = screens.findIndex((screen) => screen.id === initial.screen);
    const next = screens[(at + by + screens.length) % screens.length];
    if (next) router.push(`/wall/${city.id}/${next.id}`);
  }, [screens, initial.screen, router, city.id]);

  if (!surroundings) return <div className="wall" />;
  const player = time?.player ?? null;
  const screen = message.layout as Screen | null;
  const tabs = screens.map(({ id, title }) => ({ href: `/wall/${city.id}/${id}`, title, current: id === initial.screen }));
  return (
    <SurroundingsProvider value={surroundings}>
      {screen
        ? <WallAt player={player} present={screen} name={initial.screen} city={city}>{(shown) => <WallGrid city={city} screen={shown} tabs={tabs} error={message.error} onLang={toggleLang} onTurn={turn} heading={city.center} player={player} />}</WallAt>
        : <div className="wall"><div className="banner banner-config" role="alert">{message.error}</div></div>}
    </SurroundingsProvider>
  );
}

interface WallAtProps {
  player: PastPlayer | null;
  present: Screen;
  name: string;
  city: CityFacts;
  children: (screen: Screen) => ReactNode;
}

/** The layout of the moment that is shown. */
function WallAt({ player, present, children, ...of }: WallAtProps) {
  return player ? <PastLayout player={player} present={present} {...of}>{children}</PastLayout> : <>{children(present)}</>;
}

/** The layout as it was: asked for at each jump, and now and then while time passes. Where none was kept, today's. */
function PastLayout({ player, present, name, city, children }: WallAtProps & { player: PastPlayer }) {
  const { at, playing } = usePlayerState(player);
  const [layout, setLayout] = useState<{ text: string; screen: Screen } | null>(null);
  useEffect(() => {
    let gone = false;
    const ask = async (): Promise<void> => {
      const response = await fetch(`/api/v1/history/screens/${city.id}/${name}?at=${new Date(player.state().at).toISOString()}`).catch(() => null);
      const text = response?.ok ? await response.text() : "";
      if (gone) return;
      // The same layout stays the same object, so that its tiles stay.
      setLayout((known) => (text === (known?.text ?? "") ? known : text ? { text, screen: (JSON.parse(text) as { layout: Screen }).layout } : null));
    };
    void ask();
    const stop = playing ? every(LAYOUT_EVERY, () => void ask()) : undefined;
    return () => {
      gone = true;
      stop?.();
    };
  }, [player, at, playing, name, city.id]);
  return <>{children(layout?.screen ?? present)}</>;
}
