import type { Session } from "./engine";

/** Tasks one after the other: the writing connection holds one transaction at a time. */
export class Serial {
  private last: Promise<unknown> = Promise.resolve();

  /** Runs `task` when those before it have ended, well or not. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.last.then(task, task);
    this.last = result.catch(() => {});
    return result;
  }

  /** Resolves when nothing that was given is still to do. */
  async settled(): Promise<void> {
    await this.last;
  }
}

/** Runs `task` as one transaction: all of it is kept, or nothing where it fails. */
export async function inTransaction<T>(session: Session, task: (session: Session) => Promise<T>): Promise<T> {
  await session.run("BEGIN");
  try {
    const result = await task(session);
    await session.run("COMMIT");
    return result;
  } catch (error) {
    await session.run("ROLLBACK").catch(() => {});
    throw error;
  }
}
