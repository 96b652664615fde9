"use client";
import { usePathname } from "next/navigation";
import { createElement, useEffect, useRef, useState, type ComponentType } from "react";
import type { CityFacts } from "@/lib/contract/city";
import type { Screen } from "@/lib/contract/screens";
import type { PastPlayer } from "@/lib/live/replay-player";
import { stopAsking, useAsked, type Asked } from "./asked";
import { useAsking } from "./use-asking";

export interface DrawerProps {
  asked: Asked;
  cities: CityFacts[];
  screen: Pick<Screen, "tiles"> | null;
  player: PastPlayer | null;
}

/** The drawer's script, once it came: walls that nobody asks never load it. */
let loaded: ComponentType<DrawerProps> | null = null;

/** The drawer. Where its script does not come, nothing is asked any more: the next click tries again. */
function Loaded(props: DrawerProps) {
  const [script, setScript] = useState(() => loaded);
  useEffect(() => {
    if (script) return;
    let gone = false;
    import("./drawer").then(
      ({ default: drawer }) => {
        loaded = drawer;
        if (!gone) setScript(() => drawer);
      },
      () => stopAsking(),
    );
    return () => {
      gone = true;
    };
  }, [script]);
  return script && createElement(script, props);
}

interface EvidenceProps {
  /** places whose numbers are shown */
  cities: CityFacts[];
  /** the layout that is shown; null: a page without tiles */
  screen: Pick<Screen, "tiles"> | null;
  /** what shows the past; null in the present */
  player: PastPlayer | null;
  /** which half of a page that shows two moments */
  pane?: string;
  keys?: boolean;
}

/** Lets whoever looks at a page ask each of its numbers where it comes from. It stands in the element that holds them. */
export function Evidence({ cities, screen, player, pane = "", keys = true }: EvidenceProps) {
  const marker = useRef<HTMLSpanElement>(null);
  const path = usePathname();
  const asked = useAsked();
  const own = asked !== null && asked.pane === pane && asked.path === path ? asked : null;
  useAsking(marker, { screen, pane, path, keys });
  // What was asked on a page that was left is not asked when one comes back to it.
  useEffect(() => {
    if (asked && asked.path !== path) stopAsking(false);
  }, [asked, path]);
  return (
    <>
      <span ref={marker} hidden />
      {own && <Loaded asked={own} cities={cities} screen={screen} player={player} />}
    </>
  );
}
