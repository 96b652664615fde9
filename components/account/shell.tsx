"use client";
import Link from "next/link";
import { createContext, useContext, useEffect, type ReactNode } from "react";
import type { Lang } from "@/lib/contract/city";
import { t } from "@/components/ui/i18n";
import { palette } from "@/components/ui/theme";
import { turnTheme, useTheme } from "@/components/page/page-theme";
import { useLang } from "@/components/page/use-lang";
import { word, type Word } from "./words";

const LangHandle = createContext<Lang>("zh");

/** The language of the page. */
export const useWords = (): Lang => useContext(LangHandle);

/** A page that shows no live data: its title, language and theme, and nothing that moves. */
export function PlainPage({ title, lang: initialLang, children }: { title: Word; lang: Lang; children: ReactNode }) {
  const [lang, toggleLang] = useLang(initialLang);
  useTheme(null);
  const heading = word(lang, title);
  useEffect(() => {
    document.title = `${heading} · Citywall`;
  }, [heading]);
  return (
    <LangHandle value={lang}>
      <div className="plain">
        <header className="plain-head">
          <Link href="/" prefetch={false} aria-label={word(lang, "home")}>
            <svg viewBox="0 0 32 32" aria-hidden="true">
              <path d="M4 27V14h6v13zm9 0V5h6v22zm9 0V11h6v16z" fill="currentColor" />
            </svg>
          </Link>
          <h1>{heading}</h1>
          <button type="button" onClick={toggleLang} aria-label="语言 / Language">
            {lang === "zh" ? "English" : "中文"}
          </button>
          <button type="button" onClick={turnTheme}>
            {t(lang, palette().theme)}
          </button>
        </header>
        <main className="plain-main">{children}</main>
      </div>
    </LangHandle>
  );
}
