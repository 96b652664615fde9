"use client";
import { useEffect } from "react";
import { recover } from "@/lib/live/recovery";

const WORDS = {
  failed: { zh: "页面暂时无法显示，正在重试", en: "This page cannot be shown right now, retrying" },
  retry: { zh: "重试", en: "Retry" },
} as const;

/** A page that failed, in its own language; it tries again by itself: nobody stands beside a wall at night. */
export function Failed({ retry }: { retry: () => void }) {
  useEffect(recover, []);
  const lang = typeof document !== "undefined" && document.documentElement.lang.startsWith("en") ? "en" : "zh";
  return (
    <div className="lost" role="alert">
      <p>{WORDS.failed[lang]}</p>
      <button type="button" onClick={retry}>
        {WORDS.retry[lang]}
      </button>
    </div>
  );
}
