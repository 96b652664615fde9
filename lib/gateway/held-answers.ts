import { HOLDS_WHILE_AWAY } from "./control-away";

/** While nobody can be asked, it is tried again no sooner than so many ms later by those who have an answer already. */
const TRY_AGAIN = 5_000;

/** What the control data said, and when they were asked, ms. */
export interface Told<T> {
  value: T;
  at: number;
}

/**
 * Answers of the control data that walls go on by while nobody can be asked: what was said last, for three days. Who has one does not
 * wait for what does not come.
 */
export class HeldAnswers {
  private held = new Map<string, Told<unknown>>();
  private isAway = false;
  private triedAt = -Infinity;

  constructor(
    private readonly now: () => number,
    /** most answers that are held */
    private readonly most: number,
  ) {}

  /** Forgets all of them, as something changed. */
  forget(): void {
    this.held = new Map();
  }

  /**
   * Asks, or says what was said last where nobody can be asked.
   * @param holds whether an answer is one to go on by @throws what `ask` throws, where there is none
   */
  async ask<T>(key: string, ask: () => Promise<T>, holds: (value: T) => boolean): Promise<Told<T>> {
    const last = this.lastOf<T>(key);
    if (last && this.isAway) {
      if (this.now() - this.triedAt >= TRY_AGAIN) void this.askNow(key, ask, holds).catch(() => {});
      return last;
    }
    try {
      return await this.askNow(key, ask, holds);
    } catch (error) {
      if (last) return last;
      throw error;
    }
  }

  private lastOf<T>(key: string): Told<T> | null {
    const last = this.held.get(key) as Told<T> | undefined;
    return last && this.now() - last.at < HOLDS_WHILE_AWAY ? last : null;
  }

  private async askNow<T>(key: string, ask: () => Promise<T>, holds: (value: T) => boolean): Promise<Told<T>> {
    // Into the map of when it was asked: what changed meanwhile has a new one.
    const { held } = this;
    const at = this.now();
    this.triedAt = at;
    try {
      const told = { value: await ask(), at };
      this.isAway = false;
      held.delete(key);
      if (held.size >= this.most) held.clear();
      if (holds(told.value)) held.set(key, told);
      return told;
    } catch (error) {
      this.isAway = true;
      throw error;
    }
  }
}
