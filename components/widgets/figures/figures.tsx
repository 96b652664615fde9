"use client";
import "./figures.css";
import { useRef, useState } from "react";
import type { CityFacts, Lang } from "@/lib/contract/city";
import type { WidgetProps } from "@/lib/contract/widget";
import type { CityReading } from "@/lib/live/read-metric";
import { metricFacts, refName, refTopic } from "@/lib/contract/widget-settings";
import { usePageContext } from "@/components/ui/page-context";
import { comparedNow } from "@/components/ui/comparison";
import { Era } from "@/components/ui/era";
import { paintComparison } from "@/components/ui/paint-comparison";
import { paintValue, readingText } from "@/components/ui/paint-value";
import { rem } from "@/components/ui/theme";
import { useRenderTask } from "@/components/ui/use-render-task";
import { useComparisons } from "@/components/ui/use-comparisons";
import { useSize } from "@/components/ui/use-size";
import { definition, type FiguresSettings } from "./definition";
import { figureSize } from "./figures-option";

export default function Figures({ settings, city }: WidgetProps<FiguresSettings>) {
  const { live, lang } = usePageContext();
  const host = useRef<HTMLDivElement>(null);
  const box = useSize(host, { w: 0, h: 0 }, (element) => ({
    w: element.clientWidth / rem(),
    h: element.clientHeight / rem(),
  }));
  const [longest, setLongest] = useState(6);
  const rows = Math.ceil(settings.items.length / settings.columns);

  const wishes = settings.items.map((ref) => ({ topic: refTopic(city, ref), chosen: ref.compare ?? settings.compare }));
  useComparisons(city, wishes);

  useRenderTask(host, { rank: "figure", every: 250, topics: definition.topics(settings, city), beat: true }, () => {
    let most = 0;
    settings.items.forEach((ref, i) => {
      const target = host.current?.children[i]?.querySelector<HTMLElement>("[data-topic]");
      if (!target) return;
      const reading = paintValue(target, live, city, refTopic(city, ref), lang);
      const compared = host.current?.children[i]?.querySelector<HTMLElement>(".comparison");
      const wish = wishes[i];
      if (compared && wish)
        paintComparison(compared, comparedNow(live, city, wish), reading.metric, city.timeZone, lang);
      if (reading.value !== null) most = Math.max(most, textWidth(reading, lang));
    });
    if (most > 0 && most !== longest) setLongest(most);
  });

  const lines = wishes.some(({ chosen }) => chosen !== "none") ? 2 : 1;
  const size = figureSize(box.w, box.h, settings.columns, rows, longest, lines);
  return (
    <div
      ref={host}
      className="figures"
      style={{
        gridTemplateColumns: `repeat(${settings.columns}, minmax(0, 1fr))`,
        gridTemplateRows: `repeat(${rows}, minmax(0, 1fr))`,
        ["--value" as string]: `${size.value}rem`,
        ["--name" as string]: `${size.name}rem`,
      }}
    >
      {settings.items.map((ref) => (
        <Item
          key={`${ref.metric} ${ref.district}`}
          item={ref}
          city={city}
          compared={(ref.compare ?? settings.compare) !== "none"}
        />
      ))}
    </div>
  );
}

/** Width of a value with its unit, in digits of the value: a unit is smaller. */
function textWidth(reading: CityReading, lang: Lang): number {
  const unit = reading.metric.unit[lang].length * (lang === "zh" ? 0.9 : 0.55);
  return readingText(reading, lang).length + Math.ceil(unit);
}

/** One value with its name; painted by the widget. */
function Item({
  item,
  city,
  compared,
}: {
  item: FiguresSettings["items"][number];
  city: CityFacts;
  compared: boolean;
}) {
  const { lang } = usePageContext();
  const metric = metricFacts(city, item.metric);
  const era = city.eras[metric.era ?? ""];
  return (
    <div data-metric={item.metric}>
      <p>
        <span className="figure figures-value" data-topic={refTopic(city, item)} data-at="" data-freshness="offline">
          –
        </span>{" "}
        <span className="figures-unit">{metric.unit[lang]}</span>
      </p>
      <small>
        <span>{refName(city, item)[lang]}</span>
        {era && <Era era={era} city={city} />}
      </small>
      {compared && (
        <small className="comparison" hidden>
          <span /> <span className="figure" />
        </small>
      )}
    </div>
  );
}
