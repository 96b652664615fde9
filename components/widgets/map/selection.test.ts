import path from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { loadCity } from "@/lib/cities/load";
import type { Picked } from "./layer";
import { selection } from "./selection";
import type { Hover } from "./wishes";

const { facts } = await loadCity(path.resolve(import.meta.dirname, "../../../cities"), "lianyungang");
const NEAREST = 14;

const single: Picked = { events: ["one"], at: [119.1, 34.9], apart: Infinity };
const crowd: Picked = { events: ["grave", "minor"], at: [119.2, 34.8], apart: 11.5 };
const heap: Picked = { events: ["a", "b", "c"], at: [119.3, 34.7], apart: Infinity };

/** A map of a page without one: what is at x 100 is an event, at 200 a crowd, at 300 one that never parts, at 400 a district. */
function mapOf() {
  const acts: Record<string, (event: unknown) => void> = {};
  const told = {
    hovers: [] as (Hover | null)[],
    events: [] as string[],
    places: [] as string[],
    closer: [] as number[],
  };
  const picked: Record<number, Picked> = { 100: single, 200: crowd, 300: heap };
  const map = {
    on: (name: string, act: (event: unknown) => void) => (acts[name] = act),
    isMoving: () => false,
    project: () => ({ x: 50, y: 60 }),
  };
  const [lng, lat] = facts.districts[0]?.seat ?? [0, 0];
  const box = [
    [lng - 1, lat - 1],
    [lng + 1, lat - 1],
    [lng + 1, lat + 1],
    [lng - 1, lat + 1],
    [lng - 1, lat - 1],
  ];
  const adcode = facts.districts[0]?.adcode ?? "";
  const chosen = selection({
    map: map as never,
    districts: {
      type: "FeatureCollection",
      features: [
        {
          type: "Feature",
          properties: { adcode, name: "" },
          geometry: { type: "MultiPolygon", coordinates: [[box]] },
        },
      ],
    },
    camera: { nearest: () => NEAREST, closer: (_at: unknown, zoom: number) => told.closer.push(zoom) } as never,
    wishes: {
      element: { dataset: {}, style: {} } as never,
      city: facts,
      settings: { layers: [], pitch: 0, select: true },
      live: { past: false },
      onChange: () => {},
      onHover: (hover: Hover | null) => told.hovers.push(hover),
      onOpenEvent: (id: string) => told.events.push(id),
    } as never,
    pick: (x) => picked[x] ?? null,
    open: (code) => told.places.push(code),
  });
  const at = (x: number, pointerType = "mouse") => ({
    point: { x, y: 10 },
    lngLat: { lng, lat },
    originalEvent: { pointerType },
  });
  return {
    told,
    adcode,
    picked,
    chosen,
    hover: () => told.hovers.at(-1) ?? null,
    move: (x: number) => acts.mousemove?.(at(x)),
    click(x: number, by = "mouse") {
      if (by === "touch") acts.touchstart?.({});
      // A browser moves its mouse to where a finger was before it tells of the click.
      acts.mousemove?.(at(x));
      acts.click?.(at(x, by));
    },
    act: (name: string) => acts[name]?.({}),
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("window", { addEventListener: () => {}, removeEventListener: () => {} });
  return () => vi.useRealTimers();
});

describe("a hand over events", () => {
  it("is told what they are and what a click does: it opens one, parts a crowd, lists those that never part", () => {
    const { move, hover, told } = mapOf();
    const found = [100, 200, 300].map((x) => {
      move(x);
      return hover();
    });
    expect(found).toEqual([
      { events: ["one"], then: "open", x: 50, y: 60 },
      { events: ["grave", "minor"], then: "zoom", x: 50, y: 60 },
      { events: ["a", "b", "c"], then: "list", x: 50, y: 60 },
    ]);
    expect(told.events).toEqual([]);
  });

  it("is told nothing new while it rests on the same ones, and of the place when it leaves them", () => {
    const { move, hover, told, adcode, act } = mapOf();
    move(200);
    const before = told.hovers.length;
    move(200);
    expect(told.hovers.length).toBe(before);
    move(400);
    expect(hover()).toMatchObject({ adcode });
    move(200);
    act("mouseout");
    expect(hover()).toBeNull();
  });

  it("opens one event; goes so near to a crowd that it parts, and no nearer than the map goes", () => {
    const { click, told, picked } = mapOf();
    click(100);
    click(200);
    expect([told.events, told.closer, told.places]).toEqual([["one"], [13.5], []]);
    picked[200] = { ...crowd, apart: 13.75 };
    click(200);
    expect(told.closer).toEqual([13.5, NEAREST]);
    picked[200] = { ...crowd, apart: 14.25 };
    click(200);
    expect(told.closer).toHaveLength(2);
  });

  it("gets a list that stays until it is clicked away, the map moves or a minute has passed, and opens nothing by that", () => {
    const { click, move, hover, told, act } = mapOf();
    const list = { events: ["a", "b", "c"], then: "list", listed: true, x: 50, y: 60 };
    click(300);
    expect(hover()).toEqual(list);
    move(400);
    act("mouseout");
    expect(hover()).toEqual(list);
    click(400);
    expect([hover(), told.places, told.events]).toEqual([null, [], []]);
    for (const end of [() => act("zoomstart"), () => act("dragstart"), () => vi.advanceTimersByTime(60_000)]) {
      click(300);
      expect(hover()).toEqual(list);
      end();
      expect(hover()).toBeNull();
    }
  });

  it("with a finger is told by a first tap and does it by a second one, as with a place", () => {
    const { click, hover, told, adcode } = mapOf();
    click(200, "touch");
    expect(hover()).toMatchObject({ events: ["grave", "minor"], then: "zoom" });
    expect(told.closer).toEqual([]);
    click(200, "touch");
    expect(told.closer).toEqual([13.5]);
    click(100, "touch");
    expect(told.events).toEqual([]);
    click(400, "touch");
    click(100, "touch");
    expect(told.events).toEqual([]);
    click(100, "touch");
    expect(told.events).toEqual(["one"]);
    click(400, "touch");
    click(400, "touch");
    expect(told.places).toEqual([adcode]);
  });

  it("that was a finger is told again what it chose, once a map has come to rest that still moved from before", () => {
    const { click, hover, act, adcode } = mapOf();
    const glide = (): void => {
      act("zoomstart");
      expect(hover()).toBeNull();
      act("moveend");
    };
    click(400, "touch");
    glide();
    expect(hover()).toMatchObject({ adcode });
    vi.advanceTimersByTime(61_000);
    glide();
    expect(hover()).toBeNull();
    // A mouse is over something else by then, and says so itself.
    click(400);
    glide();
    expect(hover()).toBeNull();
  });

  it("that was a finger leaves nothing chosen behind, a minute after it", () => {
    const { click, hover, chosen, adcode, act } = mapOf();
    for (const x of [400, 200]) {
      click(x, "touch");
      vi.advanceTimersByTime(50_000);
      expect(hover()).not.toBeNull();
      vi.advanceTimersByTime(11_000);
      expect([hover(), chosen.selected()]).toEqual([null, null]);
    }
    // By then the map goes back to the whole, which takes the card away and not what is chosen.
    click(400, "touch");
    vi.advanceTimersByTime(59_000);
    act("zoomstart");
    vi.advanceTimersByTime(1_000);
    expect([hover(), chosen.selected()]).toEqual([null, null]);
    click(400, "touch");
    vi.advanceTimersByTime(50_000);
    click(200, "touch");
    vi.advanceTimersByTime(50_000);
    expect(hover()).toMatchObject({ then: "zoom" });
    click(400);
    vi.advanceTimersByTime(120_000);
    expect(hover()).toMatchObject({ adcode });
  });

  it("is told of what crowds there now, though it rests", () => {
    const { move, hover, picked, chosen } = mapOf();
    move(200);
    picked[200] = { ...crowd, events: ["grave", "minor", "new"] };
    chosen.refresh();
    expect(hover()).toMatchObject({ events: ["grave", "minor", "new"] });
    delete picked[200];
    chosen.refresh();
    expect(hover()).toBeNull();
  });
});
