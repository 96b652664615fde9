/** The address of the next still picture: a counter keeps caches out of the way. */
export function stillAddress(src: string, count: number): string {
  return `${src}${src.includes("?") ? "&" : "?"}n=${count}`;
}

/** ms to wait before trying a lost stream again: 1 s, doubling to 30 s. */
export function retryDelay(attempt: number): number {
  return Math.min(30_000, 1_000 * 2 ** attempt);
}
