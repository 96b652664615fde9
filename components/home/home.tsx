"use client";
import Link from "next/link";
import { useRef } from "react";
import type { Me } from "@/lib/contract/api/accounts";
import type { CityFacts, Lang, Text } from "@/lib/contract/city";
import type { Screen } from "@/lib/contract/screens";
import { readingTopic } from "@/lib/contract/topics";
import { metricFacts } from "@/lib/contract/widget-settings";
import { PageContextProvider, usePageContext } from "@/components/ui/page-context";
import { t } from "@/components/ui/i18n";
import { paintValue } from "@/components/ui/paint-value";
import { useRenderTask } from "@/components/ui/use-render-task";
import { palette } from "@/components/ui/theme";
import { turnTheme } from "@/components/page/page-theme";
import { usePageKeys } from "@/components/page/page-time";
import { TimeBar } from "@/components/page/time-bar";
import { usePage } from "@/components/page/use-page";
import { Evidence } from "@/components/wall/evidence/evidence";
import { AccountMenu } from "./account-menu";
import { HomeMap } from "./home-map";
import { HomeSearch } from "./home-search";
import { leadingMetrics } from "./leading-metrics";
import { MiniWall } from "./mini-wall";

export interface HomeCity {
  facts: CityFacts;
  screens: { id: string; title: Text; zone?: string; layout: Screen | null; error: string | null }[];
}

/** Every city and its screens, each with a small living picture. */
export function Home({
  cities,
  broken,
  me,
  lang: initialLang,
}: {
  cities: HomeCity[];
  broken: { city: string; error: string }[];
  /** who looks at it; null where that cannot be told */
  me: Me | null;
  lang: Lang;
}) {
  const { time, pageContext, player, lang, toggleLang, turnNumbers } = usePage(initialLang, null);
  usePageKeys(time, toggleLang, turnNumbers);
  if (!pageContext) return <div className="home" />;
  return (
    <PageContextProvider value={pageContext}>
      <div className="home" data-past={player !== null}>
        <HomeHead cities={cities} me={me} onLang={toggleLang} />
        <section className="home-front" aria-label={t(lang, "cities")}>
          <HomeMap cities={cities} />
          <HomePlaces cities={cities} />
        </section>
        {broken.map(({ city, error }) => (
          <p key={city} className="home-broken" role="alert">
            {t(lang, "broken")}: {error}
          </p>
        ))}
        <main>
          {cities.map((city) => (
            <HomeCitySection key={city.facts.id} {...city} />
          ))}
        </main>
        <Evidence cities={cities.map(({ facts }) => facts)} screen={null} player={player} />
        {player && cities[0] && (
          <div className="home-time">
            <TimeBar city={cities[0].facts} player={player} />
          </div>
        )}
      </div>
    </PageContextProvider>
  );
}

/** What this is, the search, and where else one can go. */
function HomeHead({ cities, me, onLang }: { cities: HomeCity[]; me: Me | null; onLang: () => void }) {
  const { lang } = usePageContext();
  return (
    <header className="home-head">
      <div>
        <h1>Citywall</h1>
        <p>{t(lang, "slogan")}</p>
      </div>
      <HomeSearch cities={cities} />
      <div className="home-links">
        <Link href="/compare">{t(lang, "compareCities")}</Link>
        <Link href="/gallery">{t(lang, "gallery")}</Link>
        <button type="button" onClick={onLang}>
          {lang === "zh" ? "English" : "中文"}
        </button>
        <button type="button" onClick={turnTheme} title="C">
          {t(lang, palette().theme)}
        </button>
        <AccountMenu me={me} />
      </div>
    </header>
  );
}

/** The places in their order, each leading to its screens on this page. */
function HomePlaces({ cities }: { cities: HomeCity[] }) {
  const { lang } = usePageContext();
  return (
    <nav className="home-places" aria-label={t(lang, "cities")}>
      {cities.map(({ facts, screens }) => (
        <a key={facts.id} href={`#${facts.id}`}>
          <strong>{facts.name[lang]}</strong>
          <span>{facts.center[lang]}</span>
          <small className="figure">{countOf(lang, screens.length)}</small>
        </a>
      ))}
    </nav>
  );
}

const countOf = (lang: Lang, screens: number): string =>
  lang === "zh" ? `${screens} 块大屏` : `${screens} ${screens === 1 ? "screen" : "screens"}`;

function HomeCitySection({ facts, screens }: HomeCity) {
  const { lang } = usePageContext();
  return (
    <section className="home-city" id={facts.id} data-city={facts.id}>
      <h2>
        {facts.name[lang]}
        <span>{facts.center[lang]}</span>
        {facts.notice && <em className="notice">{facts.notice[lang]}</em>}
        <nav aria-label={facts.name[lang]}>
          {facts.events && <Link href={`/events/${facts.id}`}>{t(lang, "allEvents")}</Link>}
          <Link href={`/indicators/${facts.id}`}>{t(lang, "indicators")}</Link>
        </nav>
      </h2>
      {zonesOf(facts, screens).map(({ name, screens: own }) => (
        <div key={name?.en ?? "all"} className="home-zone">
          {name && <h3>{name[lang]}</h3>}
          <div className="home-screens">
            {own.map((screen) => (
              <ScreenCard key={screen.id} city={facts} {...screen} />
            ))}
          </div>
        </div>
      ))}
      <div className="home-districts">
        {facts.districts.map((d) => (
          <Link key={d.adcode} href={`/district/${facts.id}/${d.adcode}`}>
            {d.name[lang]}
          </Link>
        ))}
      </div>
    </section>
  );
}

/** The screens by the center's zones; all together where it has none. */
function zonesOf(city: CityFacts, screens: HomeCity["screens"]): { name: Text | null; screens: HomeCity["screens"] }[] {
  const zones = (city.zones ?? []).map(({ id, name }) => ({
    name,
    screens: screens.filter((screen) => screen.zone === id),
  }));
  const rest = screens.filter((screen) => !city.zones?.some(({ id }) => id === screen.zone));
  return [...zones, { name: null, screens: rest }].filter((zone) => zone.screens.length > 0);
}

/** What a card has room for. */
const CARD_CHARACTERS = 7;

function ScreenCard({
  city,
  id,
  title,
  layout,
  error,
}: {
  city: CityFacts;
  id: string;
  title: Text;
  layout: Screen | null;
  error: string | null;
}) {
  const { live, lang } = usePageContext();
  const figures = useRef<HTMLDivElement>(null);
  const metrics = leadingMetrics(layout);
  const topics = metrics.map((metric) => ({ topic: readingTopic(city.id, "all", metric), span: 0 }));
  useRenderTask(figures, { rank: "figure", every: 250, topics, beat: true }, () => {
    metrics.forEach((id, i) => {
      const target = figures.current?.children[i]?.querySelector<HTMLElement>("[data-topic]");
      if (target) paintValue(target, live, city, readingTopic(city.id, "all", id), lang, CARD_CHARACTERS);
    });
  });
  return (
    <Link href={`/wall/${city.id}/${id}`} className="card" data-screen={id}>
      {layout && <MiniWall city={city} layout={layout} />}
      <h3>
        {title[lang]}
        {error && <em className="home-broken">{t(lang, "broken")}</em>}
      </h3>
      <div ref={figures} className="card-figures">
        {metrics.map((id) => (
          <div key={id}>
            <span className="figure" data-topic={readingTopic(city.id, "all", id)} data-at="" data-freshness="offline">
              –
            </span>
            <small>{metricFacts(city, id).name[lang]}</small>
          </div>
        ))}
      </div>
    </Link>
  );
}
