"use client";
import Link from "next/link";
import { useLayoutEffect, useRef, useState, type RefObject } from "react";
import type { CityFacts, Lang, Text } from "@/lib/contract/city";
import { zoned, type ZonedTime } from "@/lib/clock";
import { CLOCK_TOLD } from "@/lib/contract/freshness";
import { usePageContext } from "@/components/ui/page-context";
import { formatAge, skippedWords, t, twoDigits } from "@/components/ui/i18n";
import { palette } from "@/components/ui/theme";
import { useRenderTask } from "@/components/ui/use-render-task";
import { weekday } from "@/components/ui/weekdays";
import type { Live } from "@/lib/live/read-metric";
import type { PastPlayer } from "@/lib/live/replay-player";
import { goBack } from "./page-time";
import { turnTheme } from "./page-theme";

const STORE_WORDS = {
  down: "storeDown",
  behind: "storeBehind",
  full: "storeFull",
  unwritable: "storeUnwritable",
} as const;

const NOTICE_WORDS = {
  journal: "journalDamaged",
  store: "storeBegunAnew",
  restored: "journalRestored",
  database: "databaseNotOurs",
  recent: "recentUnreadable",
  totals: "totalsUnreadable",
  tokens: "tokensUnreadable",
} as const;

const NUMBER_LABELS = {
  auto: { zh: "1,234", en: "1,234" },
  short: { zh: "1.2万", en: "1.2k" },
  full: { zh: "完整", en: "Full" },
} as const;

export interface Tab {
  href: string;
  title: Text;
  current: boolean;
}

/** How the connection stands, and its words. */
const LINK = { up: ["live", "connected"], down: ["offline", "disconnected"] } as const;

function dateText(z: ZonedTime, lang: Lang): string {
  const day = weekday(z.weekday, lang, "short");
  return lang === "zh"
    ? `${z.year}年${z.month}月${z.day}日 ${day}`
    : `${day} ${z.year}-${twoDigits(z.month)}-${twoDigits(z.day)}`;
}

/** That the gateway's clock was set, and by how much. */
function clockTrouble(live: Live, lang: Lang): string {
  const { clock } = live;
  if (!clock || live.now() - clock.at > CLOCK_TOLD) return "";
  return `${t(lang, clock.by < 0 ? "clockBack" : "clockAhead")} ${formatAge(Math.abs(clock.by), lang)}`;
}

/** What a person has to look after: the disk, what the store refused, files that could not be read. */
function keptTroubles({ space, aside, notices }: NonNullable<Live["store"]>, lang: Lang): string[] {
  // A gateway of an earlier version tells none of it.
  const faults = (notices ?? []).map(({ what, lost, exact }) => {
    const gone = lost > 0 ? `${t(lang, exact ? "lostExactly" : "lostAtLeast")} ${lost}` : "";
    return [t(lang, NOTICE_WORDS[what]), gone].filter(Boolean).join(" ");
  });
  return [
    space === "low" ? t(lang, "spaceLow") : "",
    aside > 0 ? `${t(lang, "setAside")} ${aside}` : "",
    ...new Set(faults),
  ];
}

/**
 * What keeps the wall from being all it should be: a clock that was set, a store that does not keep up, frames that were
 * left out.
 */
function troubles(live: Live, lang: Lang): string {
  const { store, skippedFrames } = live;
  return [
    clockTrouble(live, lang),
    store && store.state in STORE_WORDS ? t(lang, STORE_WORDS[store.state as keyof typeof STORE_WORDS]) : "",
    ...(store ? keptTroubles(store, lang) : []),
    skippedFrames > 0 ? skippedWords(skippedFrames, lang) : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

function TitleHead({ city, heading, zone }: { city: CityFacts; heading: Text; zone: Text | undefined }) {
  const { lang } = usePageContext();
  return (
    <div className="title-left">
      {/* Not fetched ahead: a wall turns its screens seldom, and each would be rendered while the first is waited for. */}
      <Link href="/" prefetch={false} className="title-home" aria-label={t(lang, "home")}>
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <path d="M4 27V14h6v13zm9 0V5h6v22zm9 0V11h6v16z" fill="currentColor" />
        </svg>
      </Link>
      <h1>{heading[lang]}</h1>
      {zone && <span className="title-zone">{zone[lang]}</span>}
      {city.notice && <span className="notice">{city.notice[lang]}</span>}
    </div>
  );
}

/** Whether all tabs fit beside each other; where they do not they are a list that opens, and the bar counts them. */
function useRoom(nav: RefObject<HTMLElement | null>, key: string): boolean {
  const [fits, setFits] = useState(true);
  const needed = useRef(0);
  useLayoutEffect(() => {
    const element = nav.current;
    if (!element) return;
    const look = (): void => {
      // What a list in one line would need is known from the last time that there was one.
      if (element.dataset.folded === "false") needed.current = element.scrollWidth;
      setFits(element.clientWidth >= needed.current);
    };
    const observer = new ResizeObserver(look);
    observer.observe(element);
    look();
    return () => observer.disconnect();
  }, [nav, key]);
  return fits;
}

/** The screens that one can turn to. */
function Tabs({ tabs }: { tabs: Tab[] }) {
  const { lang } = usePageContext();
  const nav = useRef<HTMLElement>(null);
  const fits = useRoom(nav, lang + tabs.map(({ href }) => href).join());
  const at = tabs.findIndex((tab) => tab.current);
  const links = tabs.map((tab) => (
    <Link key={tab.href} href={tab.href} prefetch={false} aria-current={tab.current ? "page" : undefined}>
      {tab.title[lang]}
    </Link>
  ));
  return (
    <nav ref={nav} data-folded={!fits}>
      {fits ? (
        links
      ) : (
        <details key={tabs[at]?.href}>
          <summary>
            {tabs[at]?.title[lang] ?? t(lang, "screens")}{" "}
            <span className="figure">
              {at + 1}/{tabs.length}
            </span>
          </summary>
          <div className="title-list">{links}</div>
        </details>
      )}
    </nav>
  );
}

/** Turns the page to the next theme. */
function ThemeKey() {
  const { lang } = usePageContext();
  const words = `${t(lang, "theme")}: ${t(lang, palette().theme)}`;
  return (
    <button
      type="button"
      className="title-lang title-theme"
      onClick={turnTheme}
      title={`${words} (C)`}
      aria-label={words}
    >
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M12 3a9 9 0 1 0 0 18zm0-1.5a10.5 10.5 0 1 1 0 21 10.5 10.5 0 0 1 0-21z" fill="currentColor" />
      </svg>
    </button>
  );
}

/** How numbers are written, in which language, and the theme. */
function Writing({ onLang, onNumbers }: { onLang: () => void; onNumbers: () => void }) {
  const { lang, numbers } = usePageContext();
  return (
    <>
      <button type="button" className="title-lang" onClick={onNumbers} title="N" aria-label={t(lang, "allNumbers")}>
        {NUMBER_LABELS[numbers ?? "auto"][lang]}
      </button>
      <button type="button" className="title-lang" onClick={onLang} aria-label="语言 / Language">
        {lang === "zh" ? "EN" : "中"}
      </button>
      <ThemeKey />
    </>
  );
}

/**
 * City, screens, local time of the city (by the gateway's clock) and the state of the connection.
 * @param zone of the center, where a screen belongs to one
 * @param player what shows the past, null for the present; left out on a page without a time machine
 */
export function TitleBar({
  city,
  heading,
  zone,
  tabs,
  onLang,
  onNumbers,
  player,
}: {
  city: CityFacts;
  heading: Text;
  zone?: Text | undefined;
  tabs: Tab[];
  onLang: () => void;
  onNumbers: () => void;
  player?: PastPlayer | null;
}) {
  const { live, lang } = usePageContext();
  const bar = useRef<HTMLElement>(null);
  const time = useRef<HTMLTimeElement>(null);
  const date = useRef<HTMLSpanElement>(null);
  const link = useRef<HTMLSpanElement>(null);
  const slow = useRef<HTMLSpanElement>(null);

  useRenderTask(bar, { rank: "figure", every: 200, topics: [], beat: true }, () => {
    const up = live.connected();
    const now = live.now();
    const z = zoned(now, city.timeZone);
    if (time.current) {
      time.current.textContent = up ? `${twoDigits(z.hour)}:${twoDigits(z.minute)}:${twoDigits(z.second)}` : "--:--:--";
      time.current.dateTime = up ? new Date(now).toISOString() : "";
    }
    if (date.current) date.current.textContent = up ? dateText(z, lang) : "";
    if (slow.current) slow.current.textContent = troubles(live, lang);
    // A replay has no connection to be proud of: its mark stands here instead.
    const [freshness, word] = player ? (["late", "notLive"] as const) : LINK[up ? "up" : "down"];
    if (!link.current) return;
    link.current.dataset.freshness = freshness;
    link.current.textContent = t(lang, word);
  });

  return (
    <header ref={bar} className="title-bar">
      <TitleHead city={city} heading={heading} zone={zone} />
      <Tabs tabs={tabs} />
      <div className="title-right">
        <span ref={slow} className="title-slow" />
        <span ref={link} className="badge title-link" data-freshness="offline" data-connection />
        <span ref={date} className="title-date" />
        {player === null && (
          <button type="button" className="title-replay" onClick={() => goBack(live.now())} title="T">
            {t(lang, "replay")}
          </button>
        )}
        <time ref={time} className="figure title-time">
          --:--:--
        </time>
        <Writing onLang={onLang} onNumbers={onNumbers} />
      </div>
    </header>
  );
}
