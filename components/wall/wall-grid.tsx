"use client";
import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
  type Dispatch,
  type SetStateAction,
} from "react";
import type { CityFacts } from "@/lib/contract/city";
import { displayOf, typeScale, WIDE_RATIO, wideBox, type Screen } from "@/lib/contract/screens";
import { usePageContext } from "@/components/ui/page-context";
import { t } from "@/components/ui/i18n";
import { typeChanged } from "@/components/ui/theme";
import type { PastPlayer } from "@/lib/live/replay-player";
import { turnTheme } from "../page/page-theme";
import { toggleTime, typing } from "../page/page-time";
import { Reconnecting } from "../page/reconnecting";
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

/** The tile whose sources a key tells: the first figure, else the first tile. */
function leadingTile(screen: Screen): string | null {
  return (screen.tiles.find((tile) => tile.widget === "figure") ?? screen.tiles[0])?.id ?? null;
}

type Keys = Pick<WallGridProps, "screen" | "player" | "onLang" | "onNumbers" | "onTurn">;

/** What a wall's keys do. @param setSource opens and closes the panel of a tile's sources */
function useWallKeys(
  { screen, player, onLang, onNumbers, onTurn }: Keys,
  setSource: Dispatch<SetStateAction<string | null>>,
): void {
  const { live } = usePageContext();
  useEffect(() => {
    const acts: Record<string, () => void> = {
      escape: () => setSource(null),
      t: () => toggleTime(player, live.now()),
      l: onLang,
      n: onNumbers,
      c: turnTheme,
      i: () => setSource((open) => (open ? null : leadingTile(screen))),
      pagedown: () => onTurn?.(1),
      pageup: () => onTurn?.(-1),
    };
    const onKey = (event: KeyboardEvent): void => {
      const act = acts[event.key.toLowerCase()];
      if (!act || event.altKey || event.ctrlKey || event.metaKey || typing(event)) return;
      act();
      event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [setSource, onLang, onNumbers, onTurn, screen, player, live]);
}

/** A screen: title bar, tiles on their grid, and what keys do. Always exactly as large as the display. */
export function WallGrid(props: WallGridProps) {
  const { city, screen, tabs, error, onLang, onNumbers, heading, player, splitView = false } = props;
  const { live, lang } = usePageContext();
  const frame = useRef<HTMLDivElement>(null);
  const [source, setSource] = useState<string | null>(null);
  const up = useConnection(frame, live);
  const wide = useWide();
  const scale = typeScale(displayOf(screen, city));
  // Canvases measure the size of type by themselves, and are told when another screen has another.
  useLayoutEffect(typeChanged, [scale]);
  const grid = wide ? screen.wideGrid : screen.grid;
  const close = useCallback(() => setSource(null), []);
  useWallKeys(props, setSource);

  const opened = screen.tiles.find((tile) => tile.id === source);
  return (
    <div
      ref={frame}
      className="wall"
      data-connected="pending"
      data-wide={wide}
      data-past={player !== null}
      data-type-scale={scale}
    >
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
            grid={grid}
            onSource={() => setSource(tile.id)}
          />
        ))}
      </main>
      {player && <TimeBar city={city} player={player} splitView={splitView} />}
      <Reconnecting up={up} />
      {error && (
        <div className="banner banner-config" role="alert">
          {t(lang, "layoutRefused")}: {error}
        </div>
      )}
      {opened && <SourcePanel tile={opened} city={city} onClose={close} />}
    </div>
  );
}
