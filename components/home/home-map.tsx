"use client";
import Link from "next/link";
import { useRef } from "react";
import type { CityFacts } from "@/lib/contract/city";
import { readingTopic } from "@/lib/contract/topics";
import { metricFacts } from "@/lib/contract/widget-settings";
import { usePageContext } from "@/components/ui/page-context";
import { paintValue } from "@/components/ui/paint-value";
import { useRenderTask } from "@/components/ui/use-render-task";
import { CHINA, labelled, type Labelled } from "./china";
import type { HomeCity } from "./home";
import { leadingMetrics } from "./leading-metrics";

const WORDS = {
  map: { zh: "各地在全国的位置", en: "Where the places lie in China" },
  notice: { zh: "示意图 · 审图号待批", en: "Schematic · map review pending" },
} as const;
/** From a place to its name, in the picture's units. */
const LEAD = { left: -14, right: 14 } as const;
/** What a place's number has room for. */
const CHARACTERS = 8;

const middleOf = ({ bounds: [[west, south], [east, north]] }: CityFacts): [number, number] => [
  (west + east) / 2,
  (south + north) / 2,
];

/** The metric that a place is told by: the first of its first screen. */
function headline({ screens }: HomeCity): string | null {
  return leadingMetrics(screens[0]?.layout ?? null)[0] ?? null;
}

/** Where the places lie in China, each with its first number; nothing where none of them is there. */
export function HomeMap({ cities }: { cities: HomeCity[] }) {
  const { lang } = usePageContext();
  const places = labelled(cities, ({ facts }) => middleOf(facts));
  if (places.length === 0) return null;
  return (
    <figure className="home-map">
      <div className="china">
        <svg viewBox={`0 0 ${CHINA.width} ${CHINA.height}`} role="img" aria-label={WORDS.map[lang]}>
          <use href="/images/china.svg#land" className="china-land" />
          <use href="/images/china.svg#sea" className="china-sea" />
          {places.map(({ place, x, y, side, labelY }) => (
            <path key={place.facts.id} className="china-lead" d={`M${x} ${y}L${x + LEAD[side]} ${labelY}`} />
          ))}
        </svg>
        {places.map((place) => (
          <Place key={place.place.facts.id} {...place} />
        ))}
      </div>
      <figcaption>{WORDS.notice[lang]}</figcaption>
    </figure>
  );
}

const part = (value: number, whole: number): string => `${(value / whole) * 100}%`;

/** A place's dot, name and number; leads to its first screen. */
function Place({ place, x, y, side, labelY }: Labelled<HomeCity>) {
  const { live, lang } = usePageContext();
  const own = useRef<HTMLAnchorElement>(null);
  const { facts, screens } = place;
  const metric = headline(place);
  const topic = metric && readingTopic(facts.id, "all", metric);
  useRenderTask(own, { rank: "figure", every: 250, topics: topic ? [{ topic, span: 0 }] : [], beat: true }, () => {
    const target = own.current?.querySelector<HTMLElement>("[data-topic]");
    if (target && topic) paintValue(target, live, facts, topic, lang, CHARACTERS);
  });
  const [first] = screens;
  return (
    <>
      <i className="china-dot" style={{ left: part(x, CHINA.width), top: part(y, CHINA.height) }} />
      <Link
        ref={own}
        className="china-place"
        data-side={side}
        href={first ? `/wall/${facts.id}/${first.id}` : `#${facts.id}`}
        prefetch={false}
        style={{ left: part(x + LEAD[side], CHINA.width), top: part(labelY, CHINA.height) }}
      >
        <strong>{facts.name[lang]}</strong>
        {metric && (
          <>
            <span className="figure" data-topic={topic} data-at="" data-freshness="offline">
              –
            </span>
            <small>{metricFacts(facts, metric).name[lang]}</small>
          </>
        )}
      </Link>
    </>
  );
}
