"use client";
import { useEffect, useRef, useSyncExternalStore } from "react";
import type { CityFacts, Text } from "@/lib/contract/city";
import { displayOf, typeScale, WIDE_RATIO, wideBox, type Screen } from "@/lib/contract/screens";
import { usePageContext } from "@/components/ui/page-context";
import { t } from "@/components/ui/i18n";
import type { PastPlayer } from "@/lib/live/replay-player";
import { turnTheme } from "../page/page-theme";
import { toggleTime, typing } from "../page/page-time";
import { Reconnecting } from "../page/reconnecting";
import { useConnection } from "../page/use-connection";
import { Evidence } from "./evidence/evidence";
import { Tile } from "./tile";
import { useTypeScale } from "./use-type-scale";
import { TimeBar } from "../page/time-bar";
import { TitleBar, type Tab } from "../page/title-bar";

const WIDE = `(min-aspect-ratio: ${WIDE_RATIO * 10}/10)`;
/** A phone held upright: app/styles/phone.css has the same. */
const PHONE = "(max-width: 700px)";

/** Whether the display is so; not so before it is known. */
function useMedia(wanted: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const query = window.matchMedia(wanted);
      query.addEventListener("change", listener);
      return () => query.removeEventListener("change", listener);
    },
    () => window.matchMedia(wanted).matches,
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
  heading: Text;
  /** of the center, where the screen belongs to one */
  zone?: Text | undefined;
  /** what shows the past; null while the present is shown */
  player: PastPlayer | null;
  /** whether a second moment can be put beside this one */
  splitView?: boolean;
  /** whether it took the place of another screen */
  turned?: boolean;
}

/** What a wall's keys do, beside those of its numbers. */
function useWallKeys({
  player,
  onLang,
  onNumbers,
  onTurn,
}: Pick<WallGridProps, "player" | "onLang" | "onNumbers" | "onTurn">): void {
  const { live } = usePageContext();
  useEffect(() => {
    const acts: Record<string, () => void> = {
      t: () => toggleTime(player, live.now()),
      l: onLang,
      n: onNumbers,
      c: turnTheme,
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
  }, [onLang, onNumbers, onTurn, player, live]);
}

/** A screen: title bar, tiles on their grid, and what keys do. Always exactly as large as the display. */
export function WallGrid(props: WallGridProps) {
  const {
    city,
    screen,
    tabs,
    error,
    onLang,
    onNumbers,
    heading,
    zone,
    player,
    splitView = false,
    turned = false,
  } = props;
  const { live, lang } = usePageContext();
  const frame = useRef<HTMLDivElement>(null);
  const up = useConnection(frame, live);
  const wide = useMedia(WIDE);
  const phone = useMedia(PHONE);
  const scale = typeScale(displayOf(screen, city));
  useTypeScale(scale, phone);
  const grid = wide ? screen.wideGrid : screen.grid;
  useWallKeys(props);

  return (
    <div
      ref={frame}
      className="wall"
      data-connected="pending"
      data-wide={wide}
      data-past={player !== null}
      data-type-scale={scale}
    >
      <TitleBar {...{ city, heading, zone, tabs, onLang, onNumbers, player }} />
      <main
        className="wall-grid"
        data-turned={turned}
        data-over-backdrop={!phone && screen.tiles.some(({ backdrop }) => backdrop)}
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
            // Nothing lies under the tiles of a column.
            {...(phone ? {} : { grid })}
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
      <Evidence cities={[city]} screen={screen} player={player} />
    </div>
  );
}
