"use client";
import { useRef } from "react";
import type { CityFacts } from "@/lib/contract/city";
import { readMetric } from "@/lib/live/read-metric";
import { usePageContext } from "./page-context";
import { missingWords } from "./i18n";
import { useRenderTask } from "./use-render-task";

/**
 * Never hidden by style, since what cannot be seen is not painted. Says how many of these readings are not in what is
 * drawn, being dead, bad or not there; nothing while all of them are, or none.
 */
export function MissingNote({ topics, city }: { topics: string[]; city: CityFacts }) {
  const { live, lang } = usePageContext();
  const note = useRef<HTMLParagraphElement>(null);
  useRenderTask(
    note,
    { rank: "figure", every: 1_000, topics: topics.map((topic) => ({ topic, span: 0 })), beat: true },
    () => {
      if (!note.current) return;
      const missing = topics.filter((topic) => readMetric(live, city, topic).counted === null).length;
      const text = missing < topics.length ? missingWords(missing, lang) : "";
      if (note.current.textContent !== text) note.current.textContent = text;
      note.current.dataset.missing = String(missing);
    },
  );
  return <p ref={note} className="missing-note" data-missing="0" />;
}
