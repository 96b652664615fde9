"use client";
import type { Quality } from "@/lib/contract/readings";
import { usePageContext } from "./page-context";
import { qualityWords } from "./paint-value";
import { t } from "./i18n";

/** How many readings are not good, with the shape and the word of the worst of them. Nothing for good ones. */
export function QualityBadge({ quality, count }: { quality: Quality; count: number }) {
  const { lang } = usePageContext();
  if (quality === "good" || count === 0) return null;
  return (
    <span className="badge badge-quality" data-quality={quality} title={qualityWords(quality, lang)}>
      {t(lang, quality)}
      {count > 1 ? ` ${count}` : ""}
    </span>
  );
}
