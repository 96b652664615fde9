"use client";
import "./drawer.css";
import { useEffect, useLayoutEffect, useRef, type KeyboardEvent } from "react";
import { eventsWanted } from "@/lib/contract/widget";
import { usePageContext } from "@/components/ui/page-context";
import { t } from "@/components/ui/i18n";
import { readingData, readingText } from "@/components/ui/paint-value";
import { useComparisons } from "@/components/ui/use-comparisons";
import { useVersion } from "@/components/ui/use-version";
import { useStateOf } from "../../page/page-time";
import { ask, stopAsking } from "./asked";
import type { DrawerProps } from "./evidence";
import { Archive } from "./archive";
import { FactList } from "./fact-list";
import { LayoutFile } from "./layout-file";
import { Links } from "./links-list";
import { Missing } from "./missing";
import { comparisonIn, scopeOf, type Scope } from "./scope";
import { Sources } from "./sources-list";
import { Split } from "./split-list";
import { splitTopics } from "./split";
import { isTotal, toldOf, type Told } from "./told";
import { say } from "./words";

/** Topics of a screen whose state is told: beyond them nobody reads the list. */
const MOST_TOPICS = 120;
/** Real ms between two looks at what is told. */
const EVERY = 500;
/** Keys that mean something to the wall behind, and here something else. */
const OWN_KEYS = new Set(["Enter", " ", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "PageUp", "PageDown"]);

/** Keys stay in the drawer, and Tab goes round in it: it is left with Escape. */
function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
  if (OWN_KEYS.has(event.key)) event.stopPropagation();
  if (event.key !== "Tab") return;
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>("a[href], button, [tabindex='0']")];
  const [first, last] = [stops[0], stops.at(-1)];
  const { activeElement } = document;
  const leaves = event.shiftKey ? activeElement === first : activeElement === last;
  if (!leaves) return;
  (event.shiftKey ? last : first)?.focus();
  event.preventDefault();
}

/** What a number is and where it comes from, beside the page and as live as it. */
export default function Drawer({ asked, cities, screen, player }: DrawerProps) {
  const scope = scopeOf(asked, cities, screen);
  useEffect(() => {
    if (!scope) stopAsking();
  }, [scope]);
  return scope && <Answer key={scope.city.id} {...{ asked, player, scope }} />;
}

function Answer({ asked, player, scope }: Pick<DrawerProps, "asked" | "player"> & { scope: Scope }) {
  const { live, lang } = usePageContext();
  const { topic, city, tile } = scope;
  const close = useRef<HTMLButtonElement>(null);
  const past = useStateOf(player);
  const chosen = comparisonIn(tile, topic);
  const topics = scope.topics.slice(0, MOST_TOPICS);
  const events = topics.some((one) => one.startsWith("events/")) ? eventsWanted(city).map((one) => one.topic) : [];
  useVersion([...new Set([topic, ...splitTopics(city, topic), ...topics, ...events])], EVERY, true);
  useComparisons(city, topic.startsWith("reading/") ? [{ topic, chosen }] : []);
  // Before anybody can see it and close it: a focus that came after the closing would be lost with the drawer.
  useLayoutEffect(() => close.current?.focus({ preventScroll: true }), [topic]);
  const told = toldOf({ live, city, topic, lang }, chosen);
  const { withheld } = told;
  const reading = withheld ? null : told.reading;
  return (
    <div
      className="evidence"
      role="dialog"
      aria-modal="true"
      aria-labelledby="evidence-title"
      data-evidence={topic}
      data-side={asked.side}
      onKeyDown={onKeyDown}
    >
      <div className="evidence-top">
        <p>{say(lang, "evidence")}</p>
        <button ref={close} type="button" onClick={() => stopAsking()}>
          {t(lang, "close")} <kbd>Esc</kbd>
        </button>
      </div>
      <div className="evidence-body">
        <Heading told={told} />
        <FactList facts={told.state} />
        {reading && isTotal(reading.metric, reading.district) && !live.past && (
          <Missing city={city} metric={reading.metric} />
        )}
        {!withheld && <Split city={city} topic={topic} />}
        <FactList facts={told.meaning} />
        <FactList facts={told.origin} />
        {reading && <Archive key={topic} topic={topic} past={past} />}
        <Links city={city} topic={topic} past={past} />
        <Sources
          city={city}
          topic={topic}
          topics={topics}
          whole={asked.whole}
          more={scope.topics.length - topics.length}
          onAsk={(next) => ask({ ...asked, topic: next })}
        />
        {asked.whole && past === null && <LayoutFile path={asked.path} timeZone={city.timeZone} />}
      </div>
    </div>
  );
}

/** The number itself, as it stands on the page, under its name. */
function Heading({ told }: { told: Told }) {
  const { lang } = usePageContext();
  const { reading, title, place, unit } = told;
  return (
    <div className="evidence-head">
      <h2 id="evidence-title">
        {place} · {title}
      </h2>
      {reading && (
        <p>
          <span className="figure" data-told={reading.metric.id} {...readingData(reading, lang)}>
            {readingText(reading, lang)}
          </span>{" "}
          <small>{unit}</small>
        </p>
      )}
    </div>
  );
}
