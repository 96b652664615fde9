import { ControlRefusal } from "../refusal";

/** Seconds after which who found no place may come again. */
const AGAIN = 5;

/**
 * Lets in one after the other, of each line of people one at a time, and each line in its turn: who comes from one place in great
 * numbers waits behind himself alone.
 */
export class Queue {
  private readonly lines = new Map<string, (() => void)[]>();
  private waiting = 0;
  private isBusy = false;

  /** @param most that may wait, in all and in one line */
  constructor(private readonly most: { inAll: number; inLine: number }) {}

  /** Does a task when it is its turn. @throws ControlRefusal `locked` where there is no place to wait */
  async take<T>(line: string, task: () => Promise<T>): Promise<T> {
    await this.turn(line);
    try {
      return await task();
    } finally {
      this.next();
    }
  }

  private async turn(line: string): Promise<void> {
    if (!this.isBusy) {
      this.isBusy = true;
      return;
    }
    const own = this.lines.get(line) ?? [];
    if (this.waiting >= this.most.inAll || own.length >= this.most.inLine)
      throw new ControlRefusal("locked", "too many sign in at once", undefined, AGAIN);
    this.waiting++;
    this.lines.set(line, own);
    await new Promise<void>((resolve) => void own.push(resolve));
  }

  private next(): void {
    const [first] = this.lines;
    if (!first) {
      this.isBusy = false;
      return;
    }
    const [line, own] = first;
    // Behind all the others, where there is anybody left in it.
    this.lines.delete(line);
    const go = own.shift();
    if (own.length > 0) this.lines.set(line, own);
    this.waiting--;
    go?.();
  }
}

/** Passwords and codes are compared one at a time: that takes a core, which walls need as well, and none is looked at uncounted. */
export const passwordQueue = new Queue({ inAll: 100, inLine: 4 });
