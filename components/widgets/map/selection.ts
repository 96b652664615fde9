import type { LngLat, Map as MapLibre, MapMouseEvent } from "maplibre-gl";
import { placesUnder } from "@/lib/contract/city";
import type { Camera } from "./camera";
import { makeHovering, type Hovering } from "./hovering";
import type { Districts, Picked } from "./layer";
import { districtAt, neighbour, seatAt, type Arrow } from "./map-option";
import type { MapWishes } from "./wishes";

interface Chooser {
  map: MapLibre;
  districts: Districts;
  camera: Camera;
  wishes: MapWishes;
  /** what can be opened at a place of the canvas, from the highest layer down */
  pick: (x: number, y: number) => Picked | null;
  /** a place is to be opened */
  open: (adcode: string) => void;
}

/** Elements that have a use for keys themselves. */
const TAKES_KEYS = "input, textarea, select, [contenteditable]";
const PRESSED_BY_ENTER = "a, button";

const within = (event: Event, selector: string): boolean =>
  event.target instanceof Element && event.target.closest(selector) !== null;

/** Which place is chosen, and who is told of it. */
function chosenPlace({ map, wishes }: Chooser, { tell }: Hovering) {
  const { element, city, settings } = wishes;
  const under = placesUnder(city, settings.subdivisions);
  let selected: string | null = null;
  const choose = (adcode: string | null, at?: { x: number; y: number }): void => {
    if (!settings.select) return;
    if (selected !== adcode) {
      selected = adcode;
      element.dataset.selected = adcode ?? "";
      wishes.onChange();
    }
    const seat = under.find((place) => place.adcode === adcode)?.seat;
    const where = at ?? (seat && map.project(seat));
    tell(adcode && where ? { adcode, x: where.x, y: where.y } : null);
  };
  return { under, choose, selected: () => selected };
}

/** What a mouse and a finger do: a mouse chooses what it is over, a finger with a first tap, and both open it. */
function followPointer(
  chooser: Chooser,
  hovering: Hovering,
  { under, choose, selected }: ReturnType<typeof chosenPlace>,
): void {
  const { map, districts, wishes, pick, open } = chooser;
  const { element, city, settings } = wishes;
  const outlined = city.outlined || settings.subdivisions !== undefined;
  // What stood there before a finger came: the mouse that browsers move after it tells of what it touches before its click.
  let before: string | null = null;
  // What a finger chose, and where: a map that still glides from the fingers before takes its card away only until it rests.
  let held: { adcode: string | null; events: string | undefined; at: LngLat } | null = null;
  const letGo = (): void => {
    held = null;
    choose(null);
  };
  const placeAt = ({ lngLat: { lng, lat } }: MapMouseEvent): string | null =>
    outlined ? districtAt(districts, lng, lat) : seatAt(under, lng, lat);
  const overEvents = (picked: Picked, { x, y }: { x: number; y: number }): void => {
    if (selected() !== null) choose(null);
    hovering.over(picked, x, y);
  };
  map.on("mousemove", (event) => {
    hovering.stay();
    // While a hand drags it, it is not looking for anything; and on its way to a list it is not looking at what lies between.
    if (map.isMoving() || hovering.listed()) return;
    const picked = settings.select ? pick(event.point.x, event.point.y) : null;
    if (picked) overEvents(picked, event.point);
    else choose(placeAt(event), event.point);
    element.style.cursor = picked || selected() ? "pointer" : "";
  });
  map.on("mouseout", () => !hovering.listed() && choose(null));
  for (const start of ["dragstart", "zoomstart"] as const) map.on(start, () => hovering.tell(null));
  map.on("moveend", () => {
    if (!held) return;
    const at = map.project(held.at);
    const picked = held.events === undefined ? null : pick(at.x, at.y);
    if (picked && picked.events.join() === held.events) overEvents(picked, at);
    else if (held.adcode !== null && held.adcode === selected()) choose(held.adcode, at);
  });
  map.on("touchstart", () => {
    before = hovering.events() ?? selected();
  });
  map.on("click", (event) => {
    if (!settings.select) return;
    if (hovering.listed()) return hovering.tell(null);
    const picked = pick(event.point.x, event.point.y);
    const adcode = picked ? null : placeAt(event);
    if (picked) overEvents(picked, event.point);
    else choose(adcode, event.point);
    const touch = (event.originalEvent as PointerEvent).pointerType === "touch";
    held = touch ? { adcode, events: picked?.events.join(), at: event.lngLat } : null;
    if (touch) hovering.leaveLater(letGo);
    else hovering.stay();
    const again = !touch || before === (picked?.events.join() ?? adcode);
    if (again && picked) hovering.act(picked);
    else if (again && adcode) open(adcode);
  });
}

/** What keys do: arrows choose, Enter opens, Escape lets go, + and - zoom, 0 and Home show the whole. */
function keysOf(chooser: Chooser, hovering: Hovering, { under, choose, selected }: ReturnType<typeof chosenPlace>) {
  const { camera, wishes, open } = chooser;
  // In a replay these keys are for its speed.
  const zoom = (by: number) => (): boolean => {
    if (wishes.live.past) return false;
    camera.zoom(by);
    return true;
  };
  const acts: Record<string, (event: KeyboardEvent) => boolean> = {
    Enter: (event) => {
      const adcode = selected();
      if (!adcode || within(event, PRESSED_BY_ENTER)) return false;
      open(adcode);
      return true;
    },
    Escape: () => {
      const had = selected() !== null || hovering.listed();
      choose(null);
      return had;
    },
    "+": zoom(1),
    "=": zoom(1),
    "-": zoom(-1),
    "0": () => (camera.goHome(), true),
    Home: () => (camera.goHome(), true),
  };
  for (const arrow of ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"] satisfies Arrow[])
    acts[arrow] = () => (choose(neighbour(under, selected(), arrow)), true);
  return acts;
}

/** Lets a place be chosen with a hand or by keys, and opened. */
export function selection(chooser: Chooser) {
  const { settings } = chooser.wishes;
  const hovering = makeHovering(chooser);
  const chosen = chosenPlace(chooser, hovering);
  followPointer(chooser, hovering, chosen);
  const acts = keysOf(chooser, hovering, chosen);
  const onKey = (event: KeyboardEvent): void => {
    if (!settings.select || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    if (within(event, TAKES_KEYS)) return;
    if (acts[event.key]?.(event)) event.preventDefault();
  };
  window.addEventListener("keydown", onKey);
  return {
    selected: chosen.selected,
    choose: (adcode: string | null) => chosen.choose(adcode),
    refresh: hovering.refresh,
    close() {
      hovering.close();
      window.removeEventListener("keydown", onKey);
    },
  };
}
