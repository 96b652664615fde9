"use client";
import { usePageContext } from "./page-context";
import { doubtWords, qualityWords, type Doubts } from "./paint-value";

/** How many readings are bad and how many doubted, with the shape of the worse. Nothing where all are good. */
export function QualityBadge({ doubts }: { doubts: Doubts }) {
  const { lang } = usePageContext();
  if (doubts.bad + doubts.uncertain === 0) return null;
  const quality = doubts.bad > 0 ? "bad" : "uncertain";
  return (
    <span className="badge badge-quality" data-quality={quality} title={qualityWords(quality, lang)}>
      {doubtWords(doubts, lang)}
    </span>
  );
}
