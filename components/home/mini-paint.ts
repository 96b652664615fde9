import type { CityFacts, Lang } from "@/lib/contract/city";
import { eventsTopic } from "@/lib/contract/topics";
import { metricFacts, refColor, refTopic, type MetricRef } from "@/lib/contract/widget-settings";
import { eventsOf, readMetric, readSign, type Live } from "@/lib/live/read-metric";
import { paintValue } from "@/components/ui/paint-value";
import { ramp, seriesVariable, severityVariable, variable } from "@/components/ui/theme";
import { shadesByPlace } from "@/components/widgets/map/classes-option";
import { shares } from "@/components/widgets/ring/ring-option";
import type { MiniContent } from "./mini";
import { liveHours, liveLines, liveRises, ringStops } from "./mini-drawing";

/** What a small picture is painted from. */
export interface MiniSource {
  live: Live;
  city: CityFacts;
  lang: Lang;
}

/** Characters that a number of a small picture has room for. */
const CHARACTERS = 6;
/** Open events that a picture has rows for. */
export const EVENT_ROWS = 6;

const counted = ({ live, city }: MiniSource, ref: MetricRef): number | null =>
  readMetric(live, city, refTopic(city, ref)).counted;

/** Writes an attribute that differs: one that is written anew is drawn anew. */
function put(element: Element | undefined, name: string, value: string): void {
  if (element && element.getAttribute(name) !== value) element.setAttribute(name, value);
}

function style(element: HTMLElement | SVGElement | undefined, name: string, value: string): void {
  if (element && element.style.getPropertyValue(name) !== value) element.style.setProperty(name, value);
}

const partsOf = (box: HTMLElement): (HTMLElement | SVGElement)[] => [
  ...box.querySelectorAll<HTMLElement>("[data-part]"),
];

/** Bars by the largest of them; what is dead or bad has none. */
function paintBars(box: HTMLElement, refs: MetricRef[], source: MiniSource): void {
  const values = refs.map((ref) => Math.max(0, counted(source, ref) ?? 0));
  const most = Math.max(0, ...values);
  partsOf(box).forEach((bar, i) => style(bar, "width", most > 0 ? `${((values[i] ?? 0) / most) * 100}%` : "0%"));
}

/** Lines that are no longer told of have the colour of what is missing. */
function paintLines(box: HTMLElement, paths: string[], refs: MetricRef[], several: boolean, source: MiniSource): void {
  partsOf(box).forEach((line, i) => {
    const ref = refs[i];
    put(line, "d", paths[i] ?? "");
    if (!ref) return;
    const alive = counted(source, ref) !== null;
    const color = seriesVariable(several ? 0 : i, refColor(source.city, ref));
    style(line, "--mini-line", alive ? color : variable("missing"));
  });
}

function paintRing(box: HTMLElement, refs: MetricRef[], source: MiniSource): void {
  const values = refs.map((ref) => ({ name: ref.metric, value: counted(source, ref) }));
  const colors = refs.map((ref, i) => seriesVariable(i, refColor(source.city, ref)));
  const stops = ringStops(shares(values), colors);
  style(partsOf(box)[0], "background", stops === "" ? variable("missing") : `conic-gradient(${stops})`);
}

/** Districts in the colours of their classes, as on the map; without a metric all alike. */
function paintLand(box: HTMLElement, refs: MetricRef[], source: MiniSource): void {
  const values = new Map(refs.map((ref) => [ref.district, counted(source, ref)]));
  const [first] = refs;
  const shades = shadesByPlace(values, first ? metricFacts(source.city, first.metric).decimals : 0);
  for (const shape of partsOf(box)) {
    const shade = shades.get(shape.dataset.part ?? "");
    const unknown = variable(shade === null ? "missing" : "land");
    style(shape, "fill", typeof shade === "number" ? `rgb(${ramp(shade).join(", ")})` : unknown);
  }
}

/** A row for each of the gravest open events: its severity's colour, and a stroke as long as its words. */
function paintEvents(box: HTMLElement, source: MiniSource): void {
  const topic = eventsTopic(source.city.id);
  const alive = readSign(source.live, source.city, topic).freshness !== "offline";
  const events = alive ? [...(eventsOf(source.live, topic)?.open.values() ?? [])] : [];
  const gravest = events.sort((a, b) => b.severity - a.severity || b.at - a.at);
  partsOf(box).forEach((row, i) => {
    const event = gravest[i];
    style(row, "--mini-severity", event ? severityVariable(event.severity) : "transparent");
    style(row, "--mini-words", event ? `${Math.min(100, 30 + event.title.length * 4)}%` : "0%");
  });
}

/** Paints numbers, bars, rows and colours of one tile's small picture. */
export function paintMini(box: HTMLElement, content: MiniContent, source: MiniSource): void {
  const { live, city, lang } = source;
  switch (content.shows) {
    case "numbers":
      for (const target of box.querySelectorAll<HTMLElement>("[data-topic]"))
        paintValue(target, live, city, target.dataset.topic ?? "", lang, CHARACTERS);
      return;
    case "bars":
      return paintBars(box, content.refs, source);
    case "ring":
      return paintRing(box, content.refs, source);
    case "land":
      return paintLand(box, content.refs, source);
    case "events":
      return paintEvents(box, source);
    default:
  }
}

/** Paints what a tile's small picture shows of the past, which moves slowly. */
export function paintMiniPast(box: HTMLElement, content: MiniContent, source: MiniSource): void {
  const { live, city } = source;
  if (content.shows === "lines") {
    const { refs, span, several } = content;
    paintLines(box, liveLines({ live, city, refs }, span, several), refs, several, source);
  }
  if (content.shows === "rises")
    paintLines(box, [liveRises({ live, city, refs: content.refs }, content.span)], content.refs, false, source);
  if (content.shows === "hours")
    liveHours({ live, city, refs: content.refs }).forEach((path, i) => put(partsOf(box)[i], "d", path));
}
