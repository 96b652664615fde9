"use client";
import "./bar.css";
import { useEffect, useRef, useState, type CSSProperties, type RefObject } from "react";
import type { WidgetProps } from "@/lib/contract/widget";
import { metricFacts } from "@/lib/contract/widget-settings";
import { hasCome } from "@/lib/live/read-metric";
import { usePageContext } from "@/components/ui/page-context";
import { t } from "@/components/ui/i18n";
import { useMovedRows } from "@/components/ui/moved-rows";
import { paintValue, setData } from "@/components/ui/paint-value";
import { PlaceLink } from "@/components/ui/place-link";
import { rem, variable } from "@/components/ui/theme";
import { useComparisons } from "@/components/ui/use-comparisons";
import { useRenderTask } from "@/components/ui/use-render-task";
import { useSize } from "@/components/ui/use-size";
import { colorOf, lengthsOf, roomForChanges, type Bar } from "./bar-option";
import { barsOf, partsOf, type PlacedBar, type Shown } from "./bar-state";
import { definition, type BarSettings } from "./definition";

/** Bars in the page's own elements: every number has its source, every place leads to its page, and a change is a style. */
export default function BarWidget({ settings, city }: WidgetProps<BarSettings>) {
  const { live, lang } = usePageContext();
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const names = useRef<HTMLParagraphElement>(null);
  // The topics of the bars from the top, once something has come: rows are drawn anew when it changes, and painted otherwise.
  const [order, setOrder] = useState<string[]>([]);
  const width = useSize(box, 0, (element) => element.clientWidth / rem());
  const topics = definition.topics(settings, city);
  const { compare } = settings;
  const days = settings.yesterday && settings.metrics.some((id) => metricFacts(city, id).kind === "day");
  useComparisons(
    city,
    topics.map(({ topic }) => ({ topic, chosen: compare, yesterday: days })),
  );

  const handle = useRenderTask(box, { rank: "figure", every: 1_000, topics, beat: true }, () => {
    if (!hasCome(live, topics)) return false;
    const shown = barsOf(settings, city, live, lang, width);
    // Without changes where they would leave the bars too little room.
    if (!roomForChanges(shown.bars, width))
      shown.bars = shown.bars.map((bar) => ({ ...bar, change: null, against: null }));
    if (names.current) paintNames(names.current, shown, t(lang, "wholeYesterday"), compare === "none");
    const now = shown.bars.map(({ topic }) => topic);
    if (now.join() !== order.join()) return setOrder(now);
    const lengths = lengthsOf(shown.bars);
    shown.bars.forEach((bar, i) => {
      const row = list.current?.children[i];
      if (row) paintBar(row, bar, lengths[i] ?? 0);
      const value = row?.querySelector<HTMLElement>(".bar-value");
      if (value && !shown.yesterday) paintValue(value, live, city, bar.topic, lang);
      if (value) paintTopic(value, bar, shown.yesterday);
    });
  });
  useEffect(() => handle.current?.renew(), [handle, order]);

  return (
    <div ref={box} className="bar-box">
      <div className="bar-room">
        <Rows settings={settings} city={city} order={order} list={list} width={width} />
      </div>
      {(compare !== "none" || days) && (
        <p ref={names} className="comparison" data-compare={compare} hidden={compare === "none"} />
      )}
    </div>
  );
}

/** Under the bars: what their values are compared with, or that they are yesterday's. */
function paintNames(names: HTMLElement, { bars, yesterday }: Shown, words: string, optional: boolean): void {
  const text = yesterday ? words : [...new Set(bars.flatMap(({ against }) => against ?? []))].join(" · ");
  if (names.textContent !== text) names.textContent = text;
  // Where only yesterday would be named, it takes no room from today's bars.
  const hidden = text === "" && optional;
  if (names.hidden !== hidden) names.hidden = hidden;
}

/** How long a bar is, and how far its value lies from what it is compared with. */
function paintBar({ children }: Element, { change }: Bar, length: number): void {
  const [, track, changed] = children as unknown as HTMLElement[];
  const fill = track?.firstElementChild as HTMLElement | null;
  const width = `${(length * 100).toFixed(2)}%`;
  if (fill && fill.style.width !== width) fill.style.width = width;
  if (!changed) return;
  const text = change?.text ?? "";
  if (changed.textContent !== text) changed.textContent = text;
  setData(changed, "good", String(change?.good ?? ""));
}

/** What yesterday came to is not its topic's reading: it is written here, and leads to what is known of that. */
function paintTopic(value: HTMLElement, { topic, text, quality, name }: PlacedBar, yesterday: boolean): void {
  const [own, other] = yesterday ? (["asks", "topic"] as const) : (["topic", "asks"] as const);
  setData(value, own, topic);
  if (other in value.dataset) delete value.dataset[other];
  // It is made a button by who answers; as one of many it is read with its bar's name.
  const label = value.role === "button" ? `${name} ${yesterday ? text : (value.textContent ?? "")}` : null;
  if (value.ariaLabel !== label) value.ariaLabel = label;
  if (!yesterday) return;
  if (value.textContent !== text) value.textContent = text;
  setData(value, "quality", quality ?? "");
}

interface RowsProps extends WidgetProps<BarSettings> {
  order: string[];
  list: RefObject<HTMLOListElement | null>;
  /** of the tile, rem */
  width: number;
}

/** The bars' names, tracks and values; painted by the widget. */
function Rows({ settings, city, order, list, width }: RowsProps) {
  const { lang } = usePageContext();
  const parts = new Map(partsOf(settings, city, lang, width).map((part) => [part.topic, part]));
  const rows = order.flatMap((topic) => parts.get(topic) ?? []);
  useMovedRows(
    list,
    rows.map(({ topic }) => topic),
  );
  return (
    <ol ref={list} className="bars" style={{ "--bars": rows.length } as CSSProperties}>
      {rows.map(({ topic, metric, district, name }, i) => {
        const color = colorOf(
          { color: metricFacts(city, metric).color, highlight: district === settings.highlight },
          i,
        );
        return (
          <li key={topic} className="bar-row">
            <span className="bar-name">
              <PlaceLink city={city.id} place={district} name={name} />
            </span>
            <span className="bar-track" role="none" data-asks={topic}>
              <i style={{ background: variable(color) }} />
            </span>
            <span className="figure bar-change" />
            <span className="figure bar-value" data-topic={topic} data-at="" data-freshness="offline">
              –
            </span>
          </li>
        );
      })}
    </ol>
  );
}
