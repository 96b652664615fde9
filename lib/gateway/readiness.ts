import type { Catalogue } from "../cities/catalogue";
import type { History } from "../history/client/history";
import type { ClockMessage } from "../contract/socket-messages";
import type { PagesWatch } from "./pages";

/** Whether walls can be served, and how each part stands: `ok`, or what is the matter with it. */
export type Readiness =
  | { ready: true; parts: Record<string, string> }
  | {
      ready: false;
      /** what walls wait for */
      reason: string;
      parts: Record<string, string>;
    };

/**
 * What /readyz answers. Without a city or without pages no wall can be shown. A store that is away, or a folder of
 * cities that cannot be read any more, is told, and does not make the gateway unready: live figures do not depend on
 * either.
 */
export function makeReadiness({
  catalogue,
  history,
  pages,
  clock,
}: {
  catalogue: Pick<Catalogue, "cities" | "unreadable">;
  history: Pick<History, "state"> | null;
  pages: Pick<PagesWatch, "fault"> | null;
  /** when the clock was set; null when that was not lately */
  clock: () => ClockMessage | null;
}): () => Readiness {
  return () => {
    const missing = [
      ...(catalogue.cities().length === 0 ? ["no city is configured"] : []),
      ...(pages?.fault ? [`pages ${pages.fault}`] : []),
    ];
    const parts = {
      cities: catalogue.unreadable ?? (catalogue.cities().length === 0 ? "none is configured" : "ok"),
      ...(history ? { history: history.state.state } : {}),
      ...(pages ? { pages: pages.fault ?? "ok" } : {}),
      clock: clockWords(clock()),
    };
    return missing.length === 0 ? { ready: true, parts } : { ready: false, reason: missing.join("; "), parts };
  };
}

function clockWords(set: ClockMessage | null): string {
  if (!set) return "ok";
  return `was set ${set.by < 0 ? "back" : "ahead"} by ${Math.abs(set.by) / 1000} s at ${new Date(set.at).toISOString()}`;
}
