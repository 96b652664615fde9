"use client";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, type CSSProperties } from "react";
import type { Comparison } from "@/lib/contract/compare";
import type { WidgetProps } from "@/lib/contract/widget";
import { readMetric } from "@/lib/live/read-metric";
import type { CityFacts } from "@/lib/contract/city";
import { Change } from "@/components/ui/change";
import { comparisonHead } from "@/components/ui/comparison";
import { usePageContext } from "@/components/ui/page-context";
import { formatTime, levelWord, t } from "@/components/ui/i18n";
import { readingData, readingText } from "@/components/ui/paint-value";
import { PlaceLink } from "@/components/ui/place-link";
import { rem } from "@/components/ui/theme";
import { useComparisons } from "@/components/ui/use-comparisons";
import { useSize } from "@/components/ui/use-size";
import { useVersion } from "@/components/ui/use-version";
import { definition, type TableSettings } from "./definition";
import { columns, firstRow, rowsIn, rowsOf, type Cell, type Row } from "./table-option";

function Value({ cell, city, compare }: { cell: Cell; city: CityFacts; compare: Comparison }) {
  const { live, lang } = usePageContext();
  const reading = readMetric(live, city, cell.topic);
  return (
    <>
      <span className="figure" data-topic={cell.topic} {...readingData(reading, lang)}>
        {readingText(reading, lang)}
      </span>
      <Change wish={{ topic: cell.topic, chosen: compare }} metric={cell.metric} city={city} live={live} />
    </>
  );
}

/**
 * The rows that are drawn. Those that do not fit take turns, as on a wall nobody scrolls; under a hand that does they
 * stay.
 */
function useTurningRows(count: number) {
  const scroller = useRef<HTMLDivElement>(null);
  const { live } = usePageContext();
  const { height, seen } = useSize(scroller, { height: 36, seen: count }, (element) =>
    rowsIn(element.clientHeight, count, rem()),
  );
  // Only a compiler would keep its functions for too long, and there is none here.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 4,
    initialRect: { width: 800, height: 400 },
  });
  useEffect(() => virtual.measure(), [virtual, height]);
  const first = firstRow(count, seen, live.now());
  useEffect(() => {
    const element = scroller.current;
    if (element && seen < count && !element.matches(":hover")) element.scrollTop = first * height;
  }, [first, seen, height, count]);
  return { scroller, virtual };
}

export default function Table({ settings, city }: WidgetProps<TableSettings>) {
  const { lang } = usePageContext();
  useVersion(
    definition.topics(settings, city).map((wanted) => wanted.topic),
    1_000,
    true,
  );
  const rows = rowsOf(settings, city, lang, levelWord(city, "whole", lang));
  useComparisons(
    city,
    settings.compare === "none"
      ? []
      : rows.flatMap((row) => row.cells.map(({ topic }) => ({ topic, chosen: settings.compare }))),
  );
  const heads = columns(settings, city, lang);
  const byMetric = settings.rows === "metrics";
  const template = byMetric
    ? "minmax(0,1.6fr) minmax(0,1fr) 4rem minmax(0,1.5fr) 5.5rem"
    : `minmax(0,1.2fr) repeat(${heads.length}, minmax(0,1fr))`;
  const { scroller, virtual } = useTurningRows(rows.length);
  const heading = byMetric
    ? [t(lang, "figures"), comparisonHead(settings.compare, "gauge", lang), "", t(lang, "source"), t(lang, "time")]
    : [settings.of ? t(lang, "district") : levelWord(city, "districts", lang), ...heads];
  return (
    <div className="table-box">
      <div className="row table-head" style={{ gridTemplateColumns: template }}>
        {heading.map((head, i) => (
          <span key={`${head}${i}`} className={i > 0 && !byMetric ? "text-right" : ""}>
            {head}
          </span>
        ))}
      </div>
      <div ref={scroller} className="table-scroll" tabIndex={-1}>
        <div style={{ height: virtual.getTotalSize(), position: "relative" }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            const place = { height: item.size, transform: `translateY(${item.start}px)` };
            return (
              <TableRow
                key={row.key}
                row={row}
                settings={settings}
                city={city}
                style={{ gridTemplateColumns: template, ...place }}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

function TableRow({ row, settings, city, style }: WidgetProps<TableSettings> & { row: Row; style: CSSProperties }) {
  const { live } = usePageContext();
  const at = settings.rows === "metrics" ? readMetric(live, city, row.cells[0]?.topic ?? "").at : null;
  return (
    <div className="row table-row" style={style}>
      <span>
        <PlaceLink city={city.id} place={row.place} name={row.name} />
      </span>
      {row.cells.map((cell) => (
        <span key={cell.topic} className="text-right">
          <Value cell={cell} city={city} compare={settings.compare} />
        </span>
      ))}
      {settings.rows === "metrics" && (
        <>
          <span className="text-muted">{row.unit}</span>
          <span className="text-muted">{row.source}</span>
          <span className="figure text-muted">{at === null ? "–" : formatTime(at, city.timeZone, true)}</span>
        </>
      )}
    </div>
  );
}
