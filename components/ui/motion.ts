let calm: MediaQueryList | undefined;

/** Whether nothing may move by itself: who looks at the page asked for that, or nobody sees it. */
export function still(): boolean {
  calm ??= window.matchMedia("(prefers-reduced-motion: reduce)");
  return calm.matches || document.hidden;
}
