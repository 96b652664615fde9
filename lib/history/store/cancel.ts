import { pause } from "../../clock";

/** Ms between one attempt to stop a statement and the next: engines forget one that comes before the statement has begun. */
const AGAIN = 20;

/** What a query that was called off rejects with. */
export class Cancelled extends Error {
  constructor() {
    super("cancelled");
  }
}

/**
 * Runs a statement that ends when `signal` fires. Settles only once no attempt to stop it is under way any more, so that none
 * meets what runs next on the same connection.
 * @param stop tells the engine to stop what runs on the connection; rejecting means that it was not told
 * @throws Cancelled where the signal has fired
 */
export async function stoppable<T>(
  signal: AbortSignal | undefined,
  stop: () => Promise<void> | void,
  statement: () => Promise<T>,
): Promise<T> {
  if (!signal) return statement();
  if (signal.aborted) throw new Cancelled();
  let ended = false;
  let stopping = Promise.resolve();
  async function keepStopping(): Promise<void> {
    while (!ended) {
      // A server that cannot be told now may be told the next time.
      await Promise.resolve(stop()).catch(() => {});
      await pause(AGAIN);
    }
  }
  const begin = (): void => {
    stopping = keepStopping();
  };
  signal.addEventListener("abort", begin, { once: true });
  try {
    return await statement();
  } catch (error) {
    throw signal.aborted ? new Cancelled() : error;
  } finally {
    ended = true;
    signal.removeEventListener("abort", begin);
    await stopping;
  }
}
