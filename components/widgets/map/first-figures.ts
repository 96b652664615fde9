import { after, frame } from "@/lib/clock";
import type { Wanted } from "@/lib/contract/widget";
import { hasCome, type Live } from "@/lib/live/read-metric";

/** How long a map waits for figures that do not come, ms. */
const PATIENCE = 1_500;

/**
 * Waits until there is data and the page has had a frame to paint its figures: making a map's programs holds the page for up to
 * seconds where there is no graphics card, and a number is worth more than an outline. A map about no topic waits for none.
 */
export function firstFigures(live: Pick<Live, "state" | "watch">, topics: Wanted[]): Promise<void> {
  if (topics.length === 0) return Promise.resolve();
  return new Promise((resolve) => {
    let stops: (() => void)[] = [];
    const done = (): void => {
      for (const stop of stops) stop();
      stops = [];
      resolve();
    };
    const look = (): void => {
      if (!hasCome(live, topics) || stops.length === 0) return;
      for (const stop of stops) stop();
      // Figures are painted in the next frame, and are on the screen by the one after.
      stops = [frame(() => stops.push(frame(done))), after(PATIENCE, done)];
    };
    stops = [after(PATIENCE, done), ...topics.map(({ topic, span }) => live.watch(topic, span, look))];
    look();
  });
}
