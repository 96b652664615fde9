import type { CityFacts, Lang } from "@/lib/contract/city";
import type { SafeArea } from "@/lib/contract/widget";
import type { Live } from "@/lib/live/read-metric";
import type { MapSettings } from "./definition";

/** A place that is chosen, and where on the canvas that was, CSS pixels. */
export interface PlaceHover {
  adcode: string;
  x: number;
  y: number;
}

/** Events under a hand, and where on the canvas they stand, CSS pixels. */
export interface EventsHover {
  /** ids, the gravest first */
  events: readonly string[];
  /** what a click does: opens the one, goes so near that several part, or lists those that never do */
  then: "open" | "zoom" | "list";
  /** they are listed, for a hand to choose from */
  listed?: true;
  x: number;
  y: number;
}

export type Hover = PlaceHover | EventsHover;

/** What a map shows, and whom it tells. */
export interface MapWishes {
  element: HTMLElement;
  city: CityFacts;
  lang: Lang;
  live: Live;
  settings: MapSettings;
  /** the part of it that nothing lies over */
  safe: SafeArea | undefined;
  /** something is to be drawn again */
  onChange: () => void;
  onReady: () => void;
  /** its WebGL context is gone: it has to be made anew */
  onLost: () => void;
  /** which place is chosen or which events are under a hand, and where; null: none, or nothing is to be told of it */
  onHover: (hover: Hover | null) => void;
  /** a place is to be opened */
  onOpen: (adcode: string) => void;
  /** an event is to be opened */
  onOpenEvent: (id: string) => void;
}

export interface OpenMap {
  draw(now: number): void;
  /** fastest motion on it, CSS pixels a second */
  motion(): number;
  /** chooses a place as a hand or a key would */
  choose(adcode: string | null): void;
  /** opens one */
  open(adcode: string): void;
  close(): void;
}
