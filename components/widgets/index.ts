import type { ComponentType } from "react";
import type { WidgetDefinition, WidgetProps } from "@/lib/contract/widget";
import { definition as bar } from "./bar/definition";
import { definition as bullets } from "./bullets/definition";
import { definition as capacity } from "./capacity/definition";
import { definition as catalogue } from "./catalogue/definition";
import { definition as clock } from "./clock/definition";
import { definition as eventList } from "./event-list/definition";
import { definition as eventStory } from "./event-story/definition";
import { definition as feedMatrix } from "./feed-matrix/definition";
import { definition as figure } from "./figure/definition";
import { definition as figures } from "./figures/definition";
import { definition as gauge } from "./gauge/definition";
import { definition as heatCalendar } from "./heat-calendar/definition";
import { definition as image } from "./image/definition";
import { definition as line } from "./line/definition";
import { definition as map } from "./map/definition";
import { definition as ring } from "./ring/definition";
import { definition as sankey } from "./sankey/definition";
import { definition as sparklines } from "./sparklines/definition";
import { definition as stages } from "./stages/definition";
import { definition as table } from "./table/definition";
import { definition as text } from "./text/definition";
import { definition as video } from "./video/definition";

export interface WidgetEntry {
  definition: WidgetDefinition;
  view: () => Promise<{ default: ComponentType<WidgetProps> }>;
}

/** Checks that a view takes its definition's settings, then forgets which they are: screens name widgets by string. */
function widget<S>(
  definition: WidgetDefinition<S>,
  view: () => Promise<{ default: ComponentType<WidgetProps<S>> }>,
): WidgetEntry {
  return { definition, view } as unknown as WidgetEntry;
}

/** Every widget, one line each. The view is loaded only when a screen shows it. */
export const widgets = {
  bar: widget(bar, () => import("./bar/bar")),
  bullets: widget(bullets, () => import("./bullets/bullets")),
  capacity: widget(capacity, () => import("./capacity/capacity")),
  catalogue: widget(catalogue, () => import("./catalogue/catalogue")),
  clock: widget(clock, () => import("./clock/clock")),
  "event-list": widget(eventList, () => import("./event-list/event-list")),
  "event-story": widget(eventStory, () => import("./event-story/event-story")),
  "feed-matrix": widget(feedMatrix, () => import("./feed-matrix/feed-matrix")),
  figure: widget(figure, () => import("./figure/figure")),
  figures: widget(figures, () => import("./figures/figures")),
  gauge: widget(gauge, () => import("./gauge/gauge")),
  "heat-calendar": widget(heatCalendar, () => import("./heat-calendar/heat-calendar")),
  image: widget(image, () => import("./image/image")),
  line: widget(line, () => import("./line/line")),
  map: widget(map, () => import("./map/map")),
  ring: widget(ring, () => import("./ring/ring")),
  sankey: widget(sankey, () => import("./sankey/sankey")),
  sparklines: widget(sparklines, () => import("./sparklines/sparklines")),
  stages: widget(stages, () => import("./stages/stages")),
  table: widget(table, () => import("./table/table")),
  text: widget(text, () => import("./text/text")),
  video: widget(video, () => import("./video/video")),
};

/** The entry of a widget type, or undefined. */
export function widgetOf(type: string): WidgetEntry | undefined {
  return Object.hasOwn(widgets, type) ? widgets[type as keyof typeof widgets] : undefined;
}
