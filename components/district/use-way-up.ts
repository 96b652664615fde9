"use client";
import { useRouter } from "next/navigation";
import { useEffect } from "react";

/** What Escape closes or lets go of first, before it leaves the page. */
const FIRST = '[role="dialog"], [data-selected]:not([data-selected=""])';

/** Escape leads one level up, unless there is something on the page that it closes. @param href address one level up */
export function useWayUp(href: string): void {
  const router = useRouter();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== "Escape" || event.altKey || event.ctrlKey || event.metaKey) return;
      if (document.querySelector(FIRST) === null) router.push(href);
    };
    // Before all others: they close what would be looked for here.
    window.addEventListener("keydown", onKey, { capture: true });
    return () => window.removeEventListener("keydown", onKey, { capture: true });
  }, [router, href]);
}
