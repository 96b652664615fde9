"use client";
import { useRouter } from "next/navigation";
import { useCallback, useEffect, useMemo, useState } from "react";
import type { CityFacts, Lang, Text } from "@/lib/contract/city";
import type { ScreenMessage } from "@/lib/contract/live";
import type { Screen } from "@/lib/contract/screens";
import { SurroundingsProvider } from "@/components/ui/context";
import { usePageLive } from "./page-live";
import { useLang } from "./use-lang";
import { WallGrid } from "./wall-grid";

interface WallProps {
  city: CityFacts;
  initial: ScreenMessage;
  screens: { id: string; title: Text }[];
  lang: Lang;
}

/** A live screen that follows its file: an edit shows within two seconds, a faulty one is named and not shown. */
export function Wall({ city, initial, screens, lang: initialLang }: WallProps) {
  const page = usePageLive();
  const router = useRouter();
  const [message, setMessage] = useState(initial);
  const [lang, toggleLang] = useLang(initialLang);

  useEffect(() => page?.socket.watchScreen(initial.city, initial.screen, setMessage), [page, initial.city, initial.screen]);

  const surroundings = useMemo(() => (page ? { live: page.socket.store, repaint: page.repaint, lang } : null), [page, lang]);
  const turn = useCallback((by: 1 | -1) => {
    const at = screens.findIndex((screen) => screen.id === initial.screen);
    const next = screens[(at + by + screens.length) % screens.length];
    if (next) router.push(`/wall/${city.id}/${next.id}`);
  }, [screens, initial.screen, router, city.id]);

  if (!surroundings) return <div className="wall" />;
  const screen = message.layout as Screen | null;
  const tabs = screens.map(({ id, title }) => ({ href: `/wall/${city.id}/${id}`, title, current: id === initial.screen }));
  return (
    <SurroundingsProvider value={surroundings}>
      {screen
        ? <WallGrid city={city} screen={screen} tabs={tabs} error={message.error} onLang={toggleLang} onTurn={turn} heading={city.center} />
        : <div className="wall"><div className="banner banner-config" role="alert">{message.error}</div></div>}
    </SurroundingsProvider>
  );
}
