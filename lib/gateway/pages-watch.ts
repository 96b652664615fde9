import { after, monotonic } from "../clock";
import { keyHeader, type PagesAt } from "./pages";

/** How often pages are asked, ms, and how long they have. */
interface Intervals {
  /** from one sign of life to the next while there is none */
  away: number;
  /** from one page to the next while none is rendered */
  failing: number;
  /** the same while all is well */
  there: number;
  /** from one rendered page to the next */
  renders: number;
  /** most ms that a sign of life may take, and that a page may: as long as it may for a visitor */
  patience: number;
  rendersWithin: number;
}

const USUAL: Intervals = {
  away: 500,
  failing: 2_000,
  there: 5_000,
  renders: 15_000,
  patience: 5_000,
  rendersWithin: 15_000,
};
/** Under development a page is built before it is rendered. */
const BUILDS_WITHIN = 180_000;

/** The page that is asked for: a light one that asks the gateway itself, as walls do. */
const PAGE = "/";
/** What Next marks a page by that could not be rendered at all. */
const FAILED = 'id="__next_error__"';

/** Keeps asking the pages' process whether it lives and whether it renders, until `close` is called. */
export class PagesWatch {
  /** why no page can be served, or null */
  fault: string | null = "have not answered yet";
  private cancel = (): void => {};
  private closed = false;
  private renderedAt = -Infinity;
  private readonly at: string;
  private readonly key: Record<string, string>;
  private readonly intervals: Intervals;

  constructor({ port, dev = false, key }: PagesAt, intervals: Intervals = USUAL) {
    this.key = keyHeader({ key });
    this.at = `http://127.0.0.1:${port}`;
    this.intervals = dev ? { ...intervals, patience: BUILDS_WITHIN, rendersWithin: BUILDS_WITHIN } : intervals;
    void this.look();
  }

  close(): void {
    this.closed = true;
    this.cancel();
  }

  private async look(): Promise<void> {
    const { away, failing, there, renders } = this.intervals;
    let fault = await this.signOfLife();
    let next = fault === null ? there : away;
    // A process that lives may yet answer every page with 500, as after a file of its build is gone.
    if (fault === null && (this.fault !== null || monotonic() - this.renderedAt >= renders)) {
      fault = await this.rendering();
      this.renderedAt = monotonic();
      if (fault !== null) next = failing;
    }
    if (this.closed) return;
    // That nothing answers is said by who starts the process.
    if (next === failing && fault !== this.fault) console.error(`gateway: pages ${fault}`);
    this.fault = fault;
    this.cancel = after(next, () => void this.look());
  }

  private signOfLife(): Promise<string | null> {
    const { patience } = this.intervals;
    return this.ask("/api/alive", patience, async (answer) => {
      await answer.body?.cancel();
      return answer.ok ? null : `answer with ${answer.status}`;
    }).catch((error: Error) => (isLate(error) ? `do not answer within ${patience / 1_000} s` : "do not answer"));
  }

  private async rendering(): Promise<string | null> {
    const { rendersWithin } = this.intervals;
    const wrong = await this.ask(PAGE, rendersWithin, whatIsWrong).catch((error: Error) =>
      isLate(error) ? `not within ${rendersWithin / 1_000} s` : "no answer",
    );
    return wrong === null ? null : `cannot render ${PAGE}: ${wrong}`;
  }

  private async ask<T>(path: string, within: number, read: (answer: Response) => Promise<T>): Promise<T> {
    const signal = AbortSignal.timeout(within);
    const headers = { accept: "text/html", "accept-encoding": "identity", ...this.key };
    return read(await fetch(this.at + path, { signal, headers }));
  }
}

const isLate = ({ name }: Error): boolean => name === "TimeoutError";

/** Why an answer is no rendered page, or null. Reads it to its end. */
async function whatIsWrong(answer: Response): Promise<string | null> {
  const text = await answer.text();
  if (!answer.ok) return String(answer.status);
  if (!answer.headers.get("content-type")?.startsWith("text/html")) return "no page";
  if (text.includes(FAILED)) return "an error page";
  return text.includes("</html>") ? null : "the page has no end";
}
