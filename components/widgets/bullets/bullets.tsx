"use client";
import { useRef } from "react";
import type { CityFacts } from "@/lib/contract/city";
import { targetOf } from "@/lib/contract/compare";
import type { WidgetProps } from "@/lib/contract/widget";
import { metricFacts, refName, refTopic } from "@/lib/contract/widget-settings";
import { comparedNow } from "@/components/ui/comparison";
import { formatValue, t } from "@/components/ui/i18n";
import { usePageContext } from "@/components/ui/page-context";
import { paintComparison } from "@/components/ui/paint-comparison";
import { paintValue } from "@/components/ui/paint-value";
import { useComparisons } from "@/components/ui/use-comparisons";
import { useRenderTask } from "@/components/ui/use-render-task";
import { bulletOption } from "./bullets-option";
import { definition, type BulletsSettings } from "./definition";

type Item = BulletsSettings["items"][number];

function goalOf(city: CityFacts, { metric, district }: Item): number | null {
  return targetOf(metricFacts(city, metric), district);
}

/** A line for each value, in the page's own elements: one style changes, and every number has its source and time. */
export default function Bullets({ settings, city }: WidgetProps<BulletsSettings>) {
  const { live, lang } = usePageContext();
  const host = useRef<HTMLDivElement>(null);
  const wishes = settings.items.map((ref) => ({ topic: refTopic(city, ref), chosen: ref.compare ?? settings.compare }));
  useComparisons(city, wishes);

  useRenderTask(host, { rank: "figure", every: 250, topics: definition.topics(settings, city), beat: true }, () => {
    settings.items.forEach((item, i) => {
      const row = host.current?.children[i];
      const value = row?.querySelector<HTMLElement>("[data-topic]");
      const fill = row?.querySelector<HTMLElement>(".bullet-fill");
      const compared = row?.querySelector<HTMLElement>(".comparison");
      const wish = wishes[i];
      if (!value || !fill || !compared || !wish) return;
      const { counted, metric } = paintValue(value, live, city, wish.topic, lang);
      const target = goalOf(city, item);
      const drawn = bulletOption({ value: counted, min: item.min, max: item.max, target, better: metric.better });
      const width = drawn.fill === null ? "0" : `${drawn.fill * 100}%`;
      if (fill.style.width !== width) fill.style.width = width;
      paintComparison(compared, comparedNow(live, city, wish), metric, city.timeZone, lang);
    });
  });

  return (
    <div className="bullets-box">
      <div ref={host} className="bullets">
        {settings.items.map((item) => (
          <Row key={`${item.metric} ${item.district}`} item={item} city={city} />
        ))}
      </div>
    </div>
  );
}

/** A value's name, bar and comparison; painted by the widget. */
function Row({ item, city }: { item: Item; city: CityFacts }) {
  const { lang } = usePageContext();
  const metric = metricFacts(city, item.metric);
  const goal = goalOf(city, item);
  const { band, target } = bulletOption({ ...item, value: null, target: goal, better: metric.better });
  return (
    <div className="bullet">
      <span className="bullet-name">{refName(city, item)[lang]}</span>
      <span className="bullet-track" aria-hidden="true">
        {band && (
          <i
            className="bullet-band"
            style={{ left: `${band.from * 100}%`, width: `${(band.to - band.from) * 100}%` }}
          />
        )}
        <i className="bullet-fill" style={{ width: 0 }} />
        {target !== null && <i className="bullet-target" style={{ left: `${target * 100}%` }} />}
      </span>
      <span className="bullet-now">
        <span className="figure bullet-value" data-topic={refTopic(city, item)} data-at="" data-freshness="offline">
          –
        </span>{" "}
        <span className="bullet-unit">{metric.unit[lang]}</span>
      </span>
      <span className="bullet-foot">
        {goal !== null && (
          <span>
            {t(lang, "target")} <span className="figure">{formatValue(goal, metric.decimals, lang)}</span>
          </span>
        )}
        <span className="comparison" hidden>
          <span /> <span className="figure" />
        </span>
      </span>
    </div>
  );
}
