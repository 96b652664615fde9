import type { Map as MapLibre } from "maplibre-gl";
import { after } from "@/lib/clock";
import { REST, type Camera } from "./camera";
import type { Picked } from "./layer";
import type { EventsHover, Hover, MapWishes } from "./wishes";

/** How much nearer than where a crowd parts a click goes, zooms: so that those of it stand well apart. */
const BEYOND = 2;

interface Asked {
  map: Pick<MapLibre, "project">;
  camera: Pick<Camera, "nearest" | "closer">;
  wishes: Pick<MapWishes, "onHover" | "onOpenEvent">;
  pick: (x: number, y: number) => Picked | null;
}

/** What a card is shown of: one thing at a time, a place or events. */
export interface Hovering {
  tell(hover: Hover | null): void;
  /** ids of the events that are shown, with commas between them; null where none are */
  events(): string | null;
  /** a list stands there for a hand, which moves over other things on its way */
  listed(): boolean;
  /** tells of what is under a hand at a place of the canvas, CSS pixels */
  over(picked: Picked, x: number, y: number): void;
  /** does what a click on it does */
  act(picked: Picked): void;
  /** what a finger chose nobody lets go of: so it is let go when no hand came for as long as until the map shows the whole again */
  leaveLater(leave: () => void): void;
  /** a mouse is there, which lets go by itself */
  stay(): void;
  /** events come and go under a hand that rests */
  refresh(): void;
  close(): void;
}

const isSame = (shown: EventsHover | null, { then, events }: Pick<EventsHover, "then" | "events">): boolean =>
  shown?.then === then && shown.events.join("\n") === events.join("\n");

export function makeHovering({ map, camera, wishes, pick }: Asked): Hovering {
  let shown: EventsHover | null = null;
  let hand = { x: 0, y: 0 };
  let rest = (): void => {};
  let left = (): void => {};
  const tell = (hover: Hover | null): void => {
    rest();
    shown = hover && "events" in hover ? hover : null;
    wishes.onHover(hover);
  };
  const thenOf = ({ events, apart }: Picked): EventsHover["then"] => {
    if (events.length === 1) return "open";
    return apart <= camera.nearest() ? "zoom" : "list";
  };
  const hoverOf = (picked: Picked): EventsHover => {
    const { x, y } = map.project(picked.at);
    return { events: picked.events, then: thenOf(picked), x, y };
  };
  const listed = (): boolean => shown?.listed === true;
  const over = (picked: Picked, x: number, y: number): void => {
    hand = { x, y };
    const hover = hoverOf(picked);
    if (!isSame(shown, hover)) tell(hover);
  };
  return {
    tell,
    events: () => shown?.events.join() ?? null,
    listed,
    over,
    act(picked) {
      const hover = hoverOf(picked);
      if (hover.then === "open") return wishes.onOpenEvent(picked.events[0] ?? "");
      if (hover.then === "zoom") return camera.closer(picked.at, Math.min(camera.nearest(), picked.apart + BEYOND));
      tell({ ...hover, listed: true });
      rest = after(REST, () => tell(null));
    },
    leaveLater(leave) {
      left();
      left = after(REST, leave);
    },
    stay: () => left(),
    refresh() {
      if (!shown || listed()) return;
      const picked = pick(hand.x, hand.y);
      if (picked) over(picked, hand.x, hand.y);
      else tell(null);
    },
    close() {
      rest();
      left();
    },
  };
}
