"use client";
import { useEffect, useState } from "react";
import type { CityFiles } from "@/lib/contract/api/cities";
import { mayDo } from "@/components/ui/may-do";
import { usePageContext } from "@/components/ui/page-context";
import { FactList } from "./fact-list";
import { fileFacts, screenAt } from "./layout-facts";
import { say } from "./words";

/** A city's files as they were last seen; null while that is not known, and for who may not know. */
function useFiles(city: string | undefined): CityFiles["files"] | null {
  const [found, setFound] = useState<{ of: string; files: CityFiles["files"] } | null>(null);
  useEffect(() => {
    if (city === undefined || !mayDo("edit")) return;
    let gone = false;
    fetch(`/api/v1/cities/${city}/files`)
      .then((response) => (response.ok ? (response.json() as Promise<CityFiles>) : null))
      .then(
        (answer) => answer && !gone && setFound({ of: city, files: answer.files }),
        // The drawer tells what else is known.
        () => {},
      );
    return () => {
      gone = true;
    };
  }, [city]);
  return found !== null && found.of === city ? found.files : null;
}

/** When the layout of a screen and its place's other files were last changed, and whose they are. @param path of the page */
export function LayoutFile({ path, timeZone }: { path: string; timeZone: string }) {
  const { lang } = usePageContext();
  const shown = screenAt(path);
  const files = useFiles(shown?.city);
  const facts = shown && files ? fileFacts(files, shown, lang, timeZone) : [];
  if (facts.length === 0) return null;
  return (
    <section className="evidence-files">
      <h3>{say(lang, "files")}</h3>
      <FactList facts={facts} />
    </section>
  );
}
