"use client";
import { useEffect, useState, type ReactNode } from "react";
import { every } from "@/lib/clock";
import type { CityFacts } from "@/lib/contract/city";
import type { Screen } from "@/lib/contract/screens";
import type { PastPlayer } from "@/lib/live/replay-player";
import { usePlayerState } from "./page-time";

/** ms between two looks for another layout while the past plays. */
const LAYOUT_EVERY = 5_000;

export interface LayoutProps {
  present: Screen;
  name: string;
  city: CityFacts;
  children: (screen: Screen) => ReactNode;
}

/** The layout as it was: asked for at each jump, and now and then while time passes. Where none was kept, today's. */
export function PastLayout({ player, present, name, city, children }: LayoutProps & { player: PastPlayer }) {
  const { at, playing } = usePlayerState(player);
  const [layout, setLayout] = useState<{ text: string; screen: Screen } | null>(null);
  useEffect(() => {
    let gone = false;
    const ask = async (): Promise<void> => {
      const response = await fetch(
        `/api/v1/history/screens/${city.id}/${name}?at=${new Date(player.state().at).toISOString()}`,
      ).catch(() => null);
      const text = response?.ok ? await response.text() : "";
      if (gone) return;
      // The same layout stays the same object, so that its tiles stay.
      setLayout((known) => {
        if (text === (known?.text ?? "")) return known;
        return text ? { text, screen: (JSON.parse(text) as { layout: Screen }).layout } : null;
      });
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
