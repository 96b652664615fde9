"use client";
import Link from "next/link";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { usePageContext } from "@/components/ui/page-context";
import { t } from "@/components/ui/i18n";
import { typing } from "@/components/page/page-time";
import type { HomeCity } from "./home";
import { entriesOf, search, type Found } from "./search";

const KIND_WORDS = {
  place: { zh: "地区", en: "Places" },
  screen: { zh: "大屏", en: "Screens" },
  metric: { zh: "指标", en: "Metrics" },
} as const;

/** Up and down go from the field through what was found, Escape back to an empty field. */
function onKeyDown(event: KeyboardEvent<HTMLElement>, clear: () => void): void {
  if (event.key === "Escape") return clear();
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>("input, a")];
  const at = stops.findIndex((stop) => stop === document.activeElement);
  stops[at + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
  event.preventDefault();
}

/** Finds places, screens and indicators by name. `/` leads to it, Enter opens the first that was found. */
export function HomeSearch({ cities }: { cities: HomeCity[] }) {
  const { lang } = usePageContext();
  const field = useRef<HTMLInputElement>(null);
  const [query, setQuery] = useState("");
  const entries = useMemo(() => entriesOf(cities), [cities]);
  const found = search(entries, query, lang);
  const words = { zh: "查找地区、大屏、指标", en: "Find a place, screen or metric" }[lang];
  useEffect(() => {
    const onSlash = (event: globalThis.KeyboardEvent): void => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing(event)) return;
      field.current?.focus();
      event.preventDefault();
    };
    window.addEventListener("keydown", onSlash);
    return () => window.removeEventListener("keydown", onSlash);
  }, []);
  const clear = (): void => {
    setQuery("");
    field.current?.focus();
  };
  return (
    <search className="home-search" onKeyDown={(event) => onKeyDown(event, clear)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          event.currentTarget.parentElement?.querySelector<HTMLElement>("a")?.click();
        }}
      >
        <input
          ref={field}
          type="search"
          value={query}
          placeholder={words}
          aria-label={words}
          autoComplete="off"
          onChange={(event) => setQuery(event.target.value)}
        />
        <kbd aria-hidden="true">/</kbd>
      </form>
      {query.trim() !== "" && <Results found={found} />}
    </search>
  );
}

function Results({ found }: { found: Found[] }) {
  const { lang } = usePageContext();
  if (found.length === 0)
    return (
      <p className="home-found" role="status">
        {t(lang, "nothingFound")}
      </p>
    );
  const kinds = [...new Set(found.map(({ kind }) => kind))];
  return (
    <div className="home-found">
      {kinds.map((kind) => (
        <div key={kind}>
          <h2>{KIND_WORDS[kind][lang]}</h2>
          <ul>
            {found
              .filter((one) => one.kind === kind)
              .map(({ href, title, of }) => (
                <li key={href}>
                  <Link href={href} prefetch={false}>
                    {title} <small>{of}</small>
                  </Link>
                </li>
              ))}
          </ul>
        </div>
      ))}
    </div>
  );
}
