import { onFont, onPalette } from "@/components/ui/theme";
import type { RenderScheduler } from "@/lib/live/render-scheduler";

/**
 * Has everything drawn anew when a picture may be out of date although no data came. @returns what ends it
 *
 * - A tab that was away shows old pictures until something changes.
 * - Text on a canvas was drawn, and a chart's axes laid out, with another font before its own came.
 * - The page's theme changed.
 */
export function redrawWhenStale(scheduler: RenderScheduler): () => void {
  const seen = (): void => {
    if (document.visibilityState === "visible") scheduler.renewAll();
  };
  document.addEventListener("visibilitychange", seen);
  const ends = [onFont, onPalette].map((on) => on(() => scheduler.renewAll()));
  return () => {
    document.removeEventListener("visibilitychange", seen);
    for (const end of ends) end();
  };
}
