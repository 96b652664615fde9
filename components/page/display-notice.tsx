"use client";
import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import type { DisplayStanding } from "@/lib/contract/api/displays";
import { useDisplayStanding } from "./display-standing";
import { Withdrawn } from "./withdrawn";

type Paired = Extract<DisplayStanding, { state: "paired" }>;

/** The wall of a display's screen. */
export const wallOf = ({ city, screen }: Pick<Paired, "city" | "screen">): string => `/wall/${city}/${screen}`;

const pairAgain = (): void => window.location.assign("/pair?again");

/**
 * Does what a display is told, on whatever page it is: turns to another screen once it is given one, and goes black once it is withdrawn.
 * What it is told first it shows already.
 */
export function DisplayNotice() {
  const standing = useDisplayStanding();
  const router = useRouter();
  const before = useRef<Paired | null>(null);
  useEffect(() => {
    if (standing?.state === "none") window.location.replace("/pair");
    if (standing?.state !== "paired") return;
    const last = before.current;
    before.current = standing;
    if (last && wallOf(last) !== wallOf(standing)) router.replace(wallOf(standing));
  }, [standing, router]);
  if (standing?.state !== "withdrawn") return null;
  const lang = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
  return <Withdrawn title={standing.title} lang={lang} onPair={pairAgain} />;
}
