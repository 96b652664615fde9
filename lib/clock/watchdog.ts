import { every } from "./index";

/** What a process says to the one that started it for as long as its event loop turns, and how often, ms. */
export const ALIVE = { alive: true } as const;
export const ALIVE_EVERY = 1_000;
/** How many of these may fail to come: at first, while a process loads what it is made of, and then. */
const AT_FIRST = 30;
const THEN = 10;
/** How many may fail to come of one that would speak, if the machine let it run. */
const STARVED = 60;

/** True for the message by which a process says that it is alive, and nothing else. */
export function isAlive(message: unknown): boolean {
  return (message as Partial<typeof ALIVE> | null)?.alive === true;
}

/**
 * Watches over another process, and bites once when it has been silent for too long. It counts its own looks and not the
 * time: where it was stopped itself, or the machine asleep, nobody else was silent.
 */
export class Watchdog {
  private left = AT_FIRST;
  private spoke = false;
  private readonly stopLooking: () => void;

  /**
   * @param bite told for how many seconds there was nothing
   * @param starved whether, since it was last asked, the process mostly waited for a turn on a processor: on an overloaded machine
   * the living are silent too, and to start them anew is more work still
   */
  constructor(bite: (seconds: number) => void, starved: () => boolean = () => false) {
    let silent = 0;
    let hungry = 0;
    this.stopLooking = every(ALIVE_EVERY, () => {
      silent = this.spoke ? 1 : silent + 1;
      if (this.spoke) hungry = 0;
      this.spoke = false;
      if (starved()) hungry++;
      if (silent - hungry < this.left && silent < STARVED) return;
      this.stop();
      bite((silent * ALIVE_EVERY) / 1_000);
    });
  }

  /** The process said something. */
  heard(): void {
    this.spoke = true;
    this.left = THEN;
  }

  stop(): void {
    this.stopLooking();
  }
}
