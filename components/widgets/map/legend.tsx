"use client";
import { memo } from "react";
import { placesUnder, type CityFacts } from "@/lib/contract/city";
import { SEVERITIES } from "@/lib/contract/severity";
import { readingTopic } from "@/lib/contract/topics";
import { metricFacts } from "@/lib/contract/widget-settings";
import { readMetric } from "@/lib/live/read-metric";
import { usePageContext } from "@/components/ui/page-context";
import { t } from "@/components/ui/i18n";
import { MissingNote } from "@/components/ui/missing-note";
import { ramp, severityVariable, variable } from "@/components/ui/theme";
import { useVersion } from "@/components/ui/use-version";
import { classify, classWords } from "./classes-option";
import { fillMetric, type MapSettings } from "./definition";
import { SEVERITY_SHAPES } from "@/components/ui/severity-shapes";

/** How often the classes are looked at again, ms. */
const EVERY = 1_000;

interface LegendProps {
  settings: MapSettings;
  city: CityFacts;
}

/** What the colours, lines and shapes of a map mean. Not drawn anew with each move of a cursor over the map. */
export const Legend = memo(function Legend({ settings, city }: LegendProps) {
  const metric = fillMetric(settings);
  return (
    <div className="map-legend">
      {metric && <Classes metric={metric} settings={settings} city={city} />}
      {settings.layers.some((layer) => layer.type === "roads") && <Roads />}
      {settings.layers.map((layer) => layer.type === "arcs" && <Flows key="arcs" top={layer.top} />)}
      {settings.layers.map((layer) => layer.type === "events" && <Severities key="events" from={layer.minSeverity} />)}
    </div>
  );
});

/** The classes that places are filled by, the highest first, with the metric's name and unit. */
function Classes({ metric: id, settings, city }: LegendProps & { metric: string }) {
  const { live, lang } = usePageContext();
  const topics = placesUnder(city, settings.subdivisions).map(({ adcode }) => readingTopic(city.id, adcode, id));
  useVersion(topics, EVERY, true);
  const { name, unit, decimals } = metricFacts(city, id);
  const told = topics.map((topic) => ({ topic, ...readMetric(live, city, topic) })).filter(({ withheld }) => !withheld);
  const values = told.map(({ topic, counted }) => [topic, counted] as const);
  const { thresholds, shades } = classify(new Map(values), decimals);
  const only = values.find(([, value]) => value !== null)?.[1] ?? null;
  const words = classWords(thresholds, only, decimals, lang);
  return (
    <div>
      <div className="map-legend-name">
        {name[lang]}
        {unit[lang] ? ` (${unit[lang]})` : ""}
      </div>
      <ol className="map-classes figure">
        {words.length === 0 && told.length > 0 && (
          <li>
            <i style={{ background: variable("missing") }} />–
          </li>
        )}
        {words.map((text, i) => (
          <li key={i}>
            <i style={{ background: colorOf(shades[i] ?? 0) }} />
            {text}
          </li>
        ))}
      </ol>
      <MissingNote topics={topics} city={city} />
    </div>
  );
}

function colorOf(shade: number): string {
  return `rgb(${ramp(shade).join(" ")})`;
}

/** How fast roads are driven, in words: few colours, each with its own. */
function Roads() {
  const { lang } = usePageContext();
  return (
    <ul className="map-speeds">
      {(["smooth", "slowed", "jammed"] as const).map((word) => (
        <li key={word}>
          <i data-speed={word} />
          {t(lang, word)}
        </li>
      ))}
    </ul>
  );
}

/** What flows are: an arrow from where one begins to where it ends, and that the largest alone are drawn. */
function Flows({ top }: { top: number }) {
  const { lang } = usePageContext();
  return (
    <div className="map-flows">
      <i />
      {lang === "zh" ? `流向（前${top}），线宽表示流量` : `Flows (top ${top}), width by volume`}
    </div>
  );
}

/** The shapes of events, the gravest last. @param from the least severity that is shown */
function Severities({ from }: { from: number }) {
  const { lang } = usePageContext();
  return (
    <ul className="map-severities" aria-label={t(lang, "events")}>
      {SEVERITIES.filter((severity) => severity >= from).map((severity) => (
        <li key={severity}>
          <svg viewBox="0 0 64 64" aria-hidden="true">
            <path d={SEVERITY_SHAPES[severity]} fill={severityVariable(severity)} />
          </svg>
          {t(lang, `severity${severity}`)}
        </li>
      ))}
    </ul>
  );
}
