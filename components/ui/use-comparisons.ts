"use client";
import { useEffect } from "react";
import type { CityFacts } from "@/lib/contract/city";
import { baselinesOf } from "@/lib/live/baselines";
import { wishMoments, wishSpan, type Wish } from "./comparison";
import { usePageContext } from "./page-context";

const nothing = (): void => {};

/** Has what these values are compared with brought, for as long as they are shown. */
export function useComparisons(city: CityFacts, wishes: Wish[]): void {
  const { live } = usePageContext();
  const key = JSON.stringify(wishes);
  useEffect(() => {
    const baselines = baselinesOf(live);
    const stops = (JSON.parse(key) as Wish[]).flatMap((wish) => {
      const span = wishSpan(city, wish);
      if (span === null) return [];
      return [
        baselines.want(wish.topic, (minute) => wishMoments(city, wish, minute)),
        live.watch(wish.topic, span, nothing),
      ];
    });
    return () => {
      for (const stop of stops) stop();
    };
  }, [live, city, key]);
}
