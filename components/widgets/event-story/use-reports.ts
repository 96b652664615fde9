"use client";
import { useEffect, useState } from "react";
import type { CityEvent, EventReport } from "@/lib/contract/events";
import { mayDo } from "@/components/ui/may-do";
import { usePageContext } from "@/components/ui/page-context";

/** What tells whether there may be other reports of an event. */
function versionOf({ city, id, updated, stage, severity, steps = [] }: CityEvent): string {
  return JSON.stringify([city, id, updated, stage, severity, steps.length]);
}

/** Who reported what of an event; none while that is not known, and for who may not know. @param event null asks nothing */
export function useReports(event: CityEvent | null): readonly EventReport[] {
  const source = usePageContext().live.eventSource;
  const question = event === null ? null : versionOf(event);
  const [{ of, reports }, setFound] = useState<{ of: string; reports: readonly EventReport[] }>({
    of: "",
    reports: [],
  });
  useEffect(() => {
    if (question === null || !source || !mayDo("note")) return;
    const [city, id] = JSON.parse(question) as [string, string];
    let gone = false;
    source.reports(city, id).then(
      (told) => !gone && setFound({ of: id, reports: told }),
      // What was told before stays: nothing on the page hangs on it.
      () => {},
    );
    return () => {
      gone = true;
    };
  }, [source, question]);
  return of === event?.id ? reports : [];
}
