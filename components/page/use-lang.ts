"use client";
import { useCallback, useEffect, useState } from "react";
import type { Lang } from "@/lib/contract/city";

const YEAR = 31_536_000;

/** The page's language, kept in a cookie so that the next page comes in it. */
export function useLang(initial: Lang): [Lang, () => void] {
  const [lang, setLang] = useState(initial);
  useEffect(() => {
    document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  }, [lang]);
  const toggle = useCallback(() => {
    setLang((before) => {
      const after = before === "zh" ? "en" : "zh";
      document.cookie = `lang=${after}; path=/; max-age=${YEAR}; samesite=lax`;
      return after;
    });
  }, []);
  return [lang, toggle];
}
