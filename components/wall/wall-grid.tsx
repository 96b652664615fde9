"use client";
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { CityFacts } from "@/lib/contract/city";
import { WIDE_RATIO, wideBox, type Screen } from "@/lib/contract/screens";
import { usePageContext } from "@/components/ui/page-context";
import { t } from "@/components/ui/i18n";
import type { PastPlayer } from "@/lib/live/replay-player";
import { toggleTime, typing } from "../page/page-time";
import { useConnection } from "../page/use-connection";
import { SourcePanel } from "./source-panel";
import { Tile } from "./tile";
import { TimeBar } from "../page/time-bar";
import { TitleBar, type Tab } from "../page/title-bar";

const WIDE = `(min-aspect-ratio: ${WIDE_RATIO * 10}/10)`;

function useWide(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const query = window.matchMedia(WIDE);
      query.addEventListener("change", listener);
      return () => query.removeEventListener("change", listener);
    },
    () => window.matchMedia(WIDE).matches,
    () => false,
  );
}

interface WallGridProps {
  city: CityFacts;
  screen: Screen;
  tabs: Tab[];
  /** why a newer layout was refused */
  error: string | null;
  onLang: () => void;
  /** turns to the next way of writing numbers */
  onNumbers: () => void;
  /** page up and page down, as a remote's channel keys send them */
  onTurn?: (by: 1 | -1) => void;
  heading: { zh: string; en: string };
  /** what shows the past; null while the present is shown */
  player: PastPlayer | null;
  /** whether a second moment can be put beside this one */
  splitView?: boolean;
}

/** A screen: title bar, tiles on their grid, and what keys do. Always exactly as large as the display. */
export function WallGrid({
  city,
  screen,
  tabs,
  error,
  onLang,
  onNumbers,
  onTurn,
  heading,
  player,
  splitView = false,
}: WallGridProps) {
  const { live, lang } = usePageContext();
  const frame = useRef<HTMLDivElement>(null);
  const [source, setSource] = useState<string | null>(null);
  const up = useConnection(frame, live);
  const wide = useWide();
  const grid = wide ? screen.wideGrid : screen.grid;

  const close = useCallback(() => setSource(null), []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.altKey || event.ctrlKey || event.metaKey || typing(event)) return;
      if (event.key === "Escape") close();
      else if (event.key === "t" || event.key === "T") toggleTime(player, live.now());
      else if (event.key === "l" || event.key === "L") onLang();
      else if (event.key === "n" || event.key === "N") onNumbers();
      else if (event.key === "i" || event.key === "I")
        setSource((open) =>
          open ? null : ((screen.tiles.find((tile) => tile.widget === "figure") ?? screen.tiles[0])?.id ?? null),
        );
      else if (event.key === "PageDown") onTurn?.(1);
      else if (event.key === "PageUp") onTurn?.(-1);
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [close, onLang, onNumbers, onTurn, screen, player, live]);

  const opened = screen.tiles.find((tile) => tile.id === source);
  return (
    <div ref={frame} className="wall" data-connected="pending" data-wide={wide} data-past={player !== null}>
      <TitleBar city={city} heading={heading} tabs={tabs} onLang={onLang} onNumbers={onNumbers} player={player} />
      <main
        className="wall-grid"
        style={{
          gridTemplateColumns: `repeat(${grid.columns}, minmax(0, 1fr))`,
          gridTemplateRows: `repeat(${grid.rows}, minmax(0, 1fr))`,
        }}
      >
        {screen.tiles.map((tile) => (
          <Tile
            key={`${tile.id} ${tile.widget}`}
            tile={tile}
            city={city}
            box={wide ? wideBox(tile, screen) : tile.box}
            onSource={() => setSource(tile.id)}
          />
        ))}
      </main>
      {player && <TimeBar city={city} player={player} splitView={splitView} />}
      {!up && (
        <div className="banner" role="alert">
          {t(lang, "reconnecting")}
        </div>
      )}
      {error && (
        <div className="banner banner-config" role="alert">
          {t(lang, "layoutRefused")}: {error}
        </div>
      )}
      {opened && <SourcePanel tile={opened} city={city} onClose={close} />}
    </div>
  );
}
