"use client";
import { useRef } from "react";
import type { CityFacts } from "@/lib/contract/city";
import { readMetric } from "@/lib/live/read-metric";
import { usePageContext } from "./page-context";
import { missingWords } from "./i18n";
import { withheldWords } from "./no-right";
import { useRenderTask } from "./use-render-task";

/**
 * Never hidden by style, since what cannot be seen is not painted. Says how many of these readings are not in what is
 * drawn, being dead, bad or not there, which nothing says while all of them are, or none; and to how many there is no right.
 */
export function MissingNote({ topics, city }: { topics: string[]; city: CityFacts }) {
  const { live, lang } = usePageContext();
  const note = useRef<HTMLParagraphElement>(null);
  useRenderTask(
    note,
    { rank: "figure", every: 1_000, topics: topics.map((topic) => ({ topic, span: 0 })), beat: true },
    () => {
      if (!note.current) return;
      const readings = topics.map((topic) => readMetric(live, city, topic));
      const told = readings.filter(({ withheld }) => !withheld);
      const missing = told.filter(({ counted }) => counted === null).length;
      const text = [
        missing < told.length ? missingWords(missing, lang) : "",
        withheldWords(topics.length - told.length, lang),
      ]
        .filter(Boolean)
        .join(" · ");
      if (note.current.textContent !== text) note.current.textContent = text;
      note.current.dataset.missing = String(missing);
    },
  );
  return <p ref={note} className="missing-note" data-missing="0" />;
}
