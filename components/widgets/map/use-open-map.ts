"use client";
import { useRouter } from "next/navigation";
import { useCallback, useEffect, useRef, useState, type RefObject } from "react";
import { after } from "@/lib/clock";
import type { WidgetProps } from "@/lib/contract/widget";
import { usePageContext } from "@/components/ui/page-context";
import { useRenderTask } from "@/components/ui/use-render-task";
import { definition, type MapSettings } from "./definition";
import { firstFigures } from "./first-figures";
import { framesFor } from "./map-option";
import type { Hover, MapWishes, OpenMap } from "./wishes";

/** How long a lost WebGL context may take to settle before the map is made anew, ms. */
const RECOVER_AFTER = 1_000;

/** As `openMap`, when the page's numbers stand: its script alone, half of all that a wall loads, would keep them waiting. */
async function openInTurn(wishes: MapWishes, gone: () => boolean): Promise<OpenMap | null> {
  await firstFigures(wishes.live, definition.topics(wishes.settings, wishes.city));
  if (gone()) return null;
  const { openMap } = await import("./open-map");
  return openMap(wishes, gone);
}

export type ViewProps = WidgetProps<MapSettings> & { onLost: () => void };

interface Opened {
  /** it shows its layers */
  ready: boolean;
  /** its WebGL context was lost */
  lost: boolean;
  choose: (adcode: string | null) => void;
  open: (adcode: string) => void;
}

/** Makes a map in an element and draws it. @param onHover the same function for good, or the map is made anew */
export function useOpenMap(
  host: RefObject<HTMLDivElement | null>,
  { settings, city, safe, onLost, onHover }: ViewProps & { onHover: (hover: Hover | null) => void },
): Opened {
  const { live, lang } = usePageContext();
  const router = useRouter();
  const made = useRef<OpenMap | null>(null);
  const nextMotion = useRef<(() => void) | null>(null);
  const [ready, setReady] = useState(false);
  const [lost, setLost] = useState(false);
  const key = JSON.stringify({ settings, safe });
  const topics = definition.topics(settings, city);

  const handle = useRenderTask(host, { rank: "chart", every: 33, topics, beat: true }, (own) => {
    if (!made.current) return;
    made.current.draw(live.now());
    const fps = framesFor(live.connected() ? made.current.motion() : 0);
    nextMotion.current?.();
    if (fps > 0) nextMotion.current = after(1000 / fps, own.mark);
  });

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    let gone = false;
    const wishes: MapWishes = {
      ...(JSON.parse(key) as Pick<MapWishes, "settings" | "safe">),
      element,
      city,
      lang,
      live,
      onChange: () => handle.current?.mark(),
      onReady: () => setReady(true),
      onLost: () => {
        setReady(false);
        setLost(true);
        after(RECOVER_AFTER, onLost);
      },
      onHover,
      onOpen: (adcode: string) => router.push(`/district/${city.id}/${adcode}`),
      onOpenEvent: (id: string) => router.push(`/events/${city.id}/${encodeURIComponent(id)}`),
    };
    void openInTurn(wishes, () => gone).then((open) => {
      if (gone) return open?.close();
      made.current = open;
      handle.current?.mark();
    });
    return () => {
      gone = true;
      nextMotion.current?.();
      made.current?.close();
      made.current = null;
    };
  }, [key, city, lang, live, router, handle, host, onLost, onHover]);
  const choose = useCallback((adcode: string | null) => made.current?.choose(adcode), []);
  const open = useCallback((adcode: string) => made.current?.open(adcode), []);
  return { ready, lost, choose, open };
}
