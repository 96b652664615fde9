import type { CityFacts } from "@/lib/contract/city";
import type { Screen } from "@/lib/contract/screens";

type Tiles = Screen["tiles"];
const GRID = { grid: { columns: 24, rows: 12 }, wideGrid: { columns: 48, rows: 12 } };

function box(x: number, y: number, w: number, h: number): Pick<Tiles[number], "box"> {
  return { box: { x, y, w, h } };
}

/** The map's layers with the city's events on them. */
function layers(city: CityFacts): object[] {
  const roads = city.layers.some((layer) => layer.id === "roads") ? [{ type: "roads", layer: "roads" }] : [];
  const heartbeat = city.metrics.find((metric) => metric.id === city.events?.heartbeat);
  const fill = heartbeat?.districts ? [{ type: "district-fill", metric: heartbeat.id }] : [];
  return [...fill, ...roads, { type: "outlines" }, { type: "events" }];
}

/** What the system that publishes the events says besides. */
function figuresOf(city: CityFacts): string[] {
  return city.metrics
    .filter((metric) => metric.system === city.events?.system && !metric.id.startsWith("congestion"))
    .map((metric) => metric.id);
}

/** Every event of a city: by stage, on the map, as a list, and what its center says of them. */
export function eventsScreen(city: CityFacts): Screen {
  const ids = figuresOf(city);
  const ranked = city.metrics.find((metric) => metric.id === city.events?.heartbeat && metric.districts);
  const tiles: Tiles = [
    { id: "stages", widget: "stages", ...box(0, 0, 24, 3), settings: {} },
    { id: "map", widget: "map", ...box(0, 3, 11, 9), settings: { layers: layers(city) } },
    {
      id: "events",
      widget: "event-list",
      title: { zh: "在办与今日办结", en: "Open and closed today" },
      ...box(11, 3, 7, 9),
      settings: { closed: true },
    },
    {
      id: "figures",
      widget: "figures",
      title: { zh: "运行指标", en: "Metrics" },
      ...box(18, 3, 6, ranked ? 4 : 9),
      settings: { items: ids.slice(0, 6).map((metric) => ({ metric })), columns: 2 },
    },
  ];
  if (ranked) tiles.push({ id: "districts", widget: "bar", ...box(18, 7, 6, 5), settings: { metrics: [ranked.id] } });
  return { title: { zh: "事件", en: "Events" }, order: 0, ...GRID, tiles };
}

/** One event from start to end, where it is, and what else is open there. @param district adcode, or `all` */
export function eventScreen(city: CityFacts, event: string, district: string): Screen {
  const place = city.districts.some((d) => d.adcode === district) ? { focus: district } : {};
  const tiles: Tiles = [
    { id: "story", widget: "event-story", ...box(0, 0, 24, 6), settings: { event } },
    { id: "map", widget: "map", ...box(0, 6, 12, 6), settings: { layers: layers(city), ...place } },
    {
      id: "events",
      widget: "event-list",
      title: { zh: "同区在办事件", en: "Open events in the same district" },
      ...box(12, 6, 7, 6),
      settings: { district },
    },
    {
      id: "figures",
      widget: "figures",
      title: { zh: "运行指标", en: "Metrics" },
      ...box(19, 6, 5, 6),
      settings: {
        items: figuresOf(city)
          .slice(0, 4)
          .map((metric) => ({ metric })),
        columns: 1,
      },
    },
  ];
  return { title: { zh: "事件", en: "Event" }, order: 0, ...GRID, tiles };
}
