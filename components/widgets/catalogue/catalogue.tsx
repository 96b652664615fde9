"use client";
import "./catalogue.css";
import { useRef } from "react";
import type { WidgetProps } from "@/lib/contract/widget";
import { refTopic } from "@/lib/contract/widget-settings";
import { usePageContext } from "@/components/ui/page-context";
import { paintValue, setData } from "@/components/ui/paint-value";
import { useRenderTask } from "@/components/ui/use-render-task";
import { useSize } from "@/components/ui/use-size";
import { columnsFor, toneOf } from "./catalogue-option";
import { definition, type CatalogueSettings } from "./definition";

export default function Catalogue({ settings, city }: WidgetProps<CatalogueSettings>) {
  const { live, lang } = usePageContext();
  const host = useRef<HTMLDivElement>(null);
  const aspect = useSize(host, 2, (element) =>
    element.clientHeight > 0 ? element.clientWidth / element.clientHeight : null,
  );

  useRenderTask(host, { rank: "figure", every: 1_000, topics: definition.topics(settings, city), beat: true }, () => {
    for (const place of host.current?.querySelectorAll<HTMLElement>("[data-metric]") ?? []) {
      const value = place.querySelector<HTMLElement>("[data-topic]");
      if (!value) continue;
      const { counted, metric } = paintValue(
        value,
        live,
        city,
        refTopic(city, { metric: place.dataset.metric ?? "", district: "all" }),
        lang,
      );
      setData(place, "tone", counted === null ? "dead" : toneOf(counted, metric.better, settings.warn, settings.alarm));
    }
  });

  const columns = columnsFor(
    settings.groups.length,
    Math.max(...settings.groups.map((group) => group.items.length)),
    aspect,
  );
  return (
    <div ref={host} className="catalogue" style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
      {settings.groups.map((group) => (
        <section key={group.name.en}>
          <h3 data-metric={group.metric}>
            <span>{group.name[lang]}</span>
            {group.metric && <Value city={city.id} metric={group.metric} />}
          </h3>
          <ul data-values={group.items.some(({ metric }) => metric !== undefined)}>
            {group.items.map((item) => (
              <li key={item.name.en} data-metric={item.metric} data-tone="none">
                <span>{item.name[lang]}</span>
                {item.metric && <Value city={city.id} metric={item.metric} />}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Value({ city, metric }: { city: string; metric: string }) {
  return (
    <b className="figure" data-topic={`reading/${city}/all/${metric}`} data-at="" data-freshness="offline">
      –
    </b>
  );
}
