"use client";
import "./withdrawn.css";
import { useEffect } from "react";
import type { Lang } from "@/lib/contract/city";

const WORDS = {
  withdrawn: { zh: "此屏已停用", en: "This display was withdrawn" },
  again: { zh: "重新配对", en: "Pair again" },
  keys: { zh: "按 Enter 键或轻触", en: "Press Enter or tap" },
} as const;

/**
 * Says of a display that it was withdrawn, on black, over whatever is there.
 * @param onPair told that somebody stands there and wants it paired anew
 */
export function Withdrawn({ title, lang, onPair }: { title: string; lang: Lang; onPair: () => void }) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      // The page beneath is not to be moved by whoever cannot see it.
      event.stopImmediatePropagation();
      if (event.key !== "Enter" || event.repeat) return;
      event.preventDefault();
      onPair();
    };
    window.addEventListener("keydown", onKey, { capture: true });
    return () => window.removeEventListener("keydown", onKey, { capture: true });
  }, [onPair]);
  return (
    <div className="withdrawn" role="alertdialog" aria-modal="true" aria-labelledby="withdrawn" data-withdrawn>
      <h1 id="withdrawn">{WORDS.withdrawn[lang]}</h1>
      <p>{title}</p>
      <button type="button" onClick={onPair}>
        {WORDS.again[lang]} <small>{WORDS.keys[lang]}</small>
      </button>
    </div>
  );
}
