"use client";
import "./displays.css";
import Link from "next/link";
import { Fragment, useEffect, useMemo, useState } from "react";
import type { Lang } from "@/lib/contract/city";
import type { CityList } from "@/lib/contract/api/cities";
import type { DisplayItem, DisplayList } from "@/lib/contract/api/displays";
import { t } from "@/components/ui/i18n";
import { palette } from "@/components/ui/theme";
import { turnTheme, useTheme } from "@/components/page/page-theme";
import { typing } from "@/components/page/page-time";
import { useAnswer } from "@/components/page/use-answer";
import { useLang } from "@/components/page/use-lang";
import { DisplayRow } from "./display-row";
import { ChangeForm, ClaimForm, WithdrawDialog } from "./forms";
import type { Place } from "./fields";
import { useDisplays } from "./use-displays";
import { word, type DisplayWord } from "./words";

/** How often it is asked which places and screens there are, ms. */
const PLACES_EVERY = 60_000;

/** The displays of a site: what each shows and how it does; here they are paired, named, moved and withdrawn. */
export function Displays({ lang: initialLang }: { lang: Lang }) {
  const [lang, toggleLang] = useLang(initialLang);
  useTheme(null);
  useKeys(toggleLang);
  const { list, now, up, again } = useDisplays();
  const cities = useAnswer<CityList>("/api/v1/cities", 0, PLACES_EVERY).answer?.cities;
  const places = useMemo(() => cities ?? [], [cities]);
  return (
    <div className="plain displays" data-up={up}>
      <Head lang={lang} onLang={toggleLang} />
      <main className="plain-main">
        <ClaimForm lang={lang} places={places} onDone={again} />
        {!up && (
          <p className="displays-away" role="alert">
            {word(lang, "away")}
          </p>
        )}
        {list ? (
          <Lists lang={lang} places={places} list={list} now={now} onDone={again} />
        ) : (
          <p className="displays-none">{up ? word(lang, "loading") : ""}</p>
        )}
      </main>
    </div>
  );
}

function useKeys(onLang: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.altKey || event.ctrlKey || event.metaKey || typing(event)) return;
      if (event.key === "l" || event.key === "L") onLang();
      else if (event.key === "c" || event.key === "C") turnTheme();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [onLang]);
}

function Head({ lang, onLang }: { lang: Lang; onLang: () => void }) {
  const heading = word(lang, "title");
  useEffect(() => {
    document.title = `${heading} · Citywall`;
  }, [heading]);
  return (
    <header className="plain-head">
      <Link href="/" prefetch={false} aria-label={word(lang, "home")}>
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <path d="M4 27V14h6v13zm9 0V5h6v22zm9 0V11h6v16z" fill="currentColor" />
        </svg>
      </Link>
      <h1>{heading}</h1>
      <button type="button" onClick={onLang} title="L" aria-label="语言 / Language">
        {word(lang, "turn")}
      </button>
      <button type="button" onClick={turnTheme} title="C">
        {t(lang, palette().theme)}
      </button>
    </header>
  );
}

interface ListsProps {
  lang: Lang;
  places: Place[];
  list: DisplayList;
  now: number;
  onDone: () => void;
}

/** Those in use, and apart from them those that were withdrawn lately. */
function Lists(props: ListsProps) {
  const { lang, list } = props;
  const [used, gone] = [true, false].map((inUse) => list.displays.filter((one) => (one.withdrawn === null) === inUse));
  return (
    <>
      {used?.length ? (
        <Table {...props} displays={used} name={word(lang, "title")} />
      ) : (
        <p className="displays-none">{word(lang, "none")}</p>
      )}
      {gone && gone.length > 0 && (
        <details className="displays-gone">
          <summary>
            {word(lang, "gone")} <span className="figure">{gone.length}</span>
          </summary>
          <Table {...props} displays={gone} name={word(lang, "gone")} />
        </details>
      )}
    </>
  );
}

const COLUMNS: readonly DisplayWord[] = [
  "name",
  "screen",
  "state",
  "heard",
  "painted",
  "version",
  "health",
  "address",
  "since",
  "actions",
];

/** What somebody is about to do to a display. */
type Doing = { what: "change" | "withdraw"; id: string } | null;

function Table({ displays, name, ...props }: ListsProps & { displays: DisplayItem[]; name: string }) {
  const { lang, list, now, places } = props;
  const [doing, setDoing] = useState<Doing>(null);
  const cancel = (): void => setDoing(null);
  const done = (): void => {
    setDoing(null);
    props.onDone();
  };
  const withdrawn = displays.find(({ id }) => doing?.what === "withdraw" && doing.id === id);
  return (
    <div className="plain-panel displays-table">
      <table aria-label={name}>
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <th key={column} scope="col">
                {word(lang, column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {displays.map((display) => (
            <Fragment key={display.id}>
              <DisplayRow
                {...{ display, list, now, lang, places }}
                onChange={() => setDoing({ what: "change", id: display.id })}
                onWithdraw={() => setDoing({ what: "withdraw", id: display.id })}
              />
              {doing?.what === "change" && doing.id === display.id && (
                <tr className="displays-editing">
                  <td colSpan={COLUMNS.length}>
                    <ChangeForm {...{ lang, places, display }} onDone={done} onCancel={cancel} />
                  </td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
      {withdrawn && <WithdrawDialog lang={lang} display={withdrawn} onDone={done} onCancel={cancel} />}
    </div>
  );
}
