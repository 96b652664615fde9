import { useEffect, useRef, useState, type RefObject } from "react";

/**
 * What `read` makes of an element's size, at first and whenever it changes; `before` until it is on the page.
 * `read` may return null to leave the last value.
 */
export function useSize<T>(
  host: RefObject<HTMLElement | null>,
  before: T,
  read: (element: HTMLElement) => T | null,
): T {
  const [size, setSize] = useState(before);
  const latest = useRef(read);
  useEffect(() => {
    latest.current = read;
  });
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setSize((last) => latest.current(element) ?? last));
    observer.observe(element);
    return () => observer.disconnect();
  }, [host]);
  return size;
}
