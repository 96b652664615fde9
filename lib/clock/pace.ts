import { monotonic, turn } from "./index";

/** Most ms of work before whatever else waits gets its turn. */
const STRETCH = 8;

/** Items between two looks at the clock. */
const LOOK = 512;

/** Cuts long work into stretches, between which others have their turn (Node only). */
export class Pace {
  private began = monotonic();

  /** True where the stretch has gone on for long enough: `rest` is then to be waited for. */
  get isOver(): boolean {
    return monotonic() - this.began >= STRETCH;
  }

  async rest(): Promise<void> {
    await turn();
    this.began = monotonic();
  }
}

/** Runs `task` on each item of a list, in stretches. */
export async function inStretches<T>(
  items: readonly T[],
  pace: Pace,
  task: (item: T, i: number) => void,
): Promise<void> {
  for (let from = 0; from < items.length; from += LOOK) {
    if (pace.isOver) await pace.rest();
    const to = Math.min(items.length, from + LOOK);
    for (let i = from; i < to; i++) task(items[i] as T, i);
  }
}
