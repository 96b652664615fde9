import type { Catalogue } from "../cities/catalogue";
import type { History } from "../history/client/history";
import type { ClockMessage } from "../contract/socket-messages";
import type { BaseMaps } from "./base-maps";
import type { Certificate } from "./certificate";
import type { Descriptors } from "./descriptors";
import type { PagesWatch } from "./pages-watch";
import type { Tokens } from "./tokens";

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
 * The same for who asks from elsewhere: which part is at fault, and nothing of what is the matter with it, as that names cities, files and
 * folders.
 */
export function readinessToOthers({ ready, parts }: Readiness): Readiness {
  const standing = Object.entries(parts).map(([name, words]) => [name, words === "ok" ? words : "at fault"]);
  const told = Object.fromEntries(standing) as Record<string, string>;
  return ready ? { ready, parts: told } : { ready, reason: "not ready yet", parts: told };
}

/**
 * What /readyz answers. Without a city or without pages no wall can be shown, without descriptors nobody can connect,
 * and where nothing more can be kept none is shown anything new. A store that is away, or a folder of cities that cannot
 * be read any more, is told, and does not make the gateway unready: live figures do not depend on either.
 */
export function makeReadiness({
  catalogue,
  history,
  pages,
  clock,
  tokens = null,
  descriptors = null,
  maps = null,
  certificate = null,
}: {
  catalogue: Pick<Catalogue, "cities" | "unreadable">;
  history: Pick<History, "state" | "recorder"> | null;
  pages: Pick<PagesWatch, "fault"> | null;
  /** when the clock was set; null when that was not lately */
  clock: () => ClockMessage | null;
  tokens?: Pick<Tokens, "fault"> | null;
  descriptors?: Pick<Descriptors, "count" | "state" | "words"> | null;
  maps?: Pick<BaseMaps, "fault"> | null;
  /** null where no TLS is spoken */
  certificate?: Pick<Certificate, "words"> | null;
}): () => Readiness {
  return () => {
    const refusal = history?.recorder.refusal ?? null;
    const missing = [
      ...(catalogue.cities().length === 0 ? ["no city is configured"] : []),
      ...(pages?.fault ? [`pages ${pages.fault}`] : []),
      ...(refusal ? [`room: ${refusal}`] : []),
      ...(descriptors?.state === "out" ? [`descriptors: ${descriptors.words}`] : []),
    ];
    const parts = {
      cities: catalogue.unreadable ?? (catalogue.cities().length === 0 ? "none is configured" : "ok"),
      ...(history ? { history: history.state.state } : {}),
      ...(pages ? { pages: pages.fault ?? "ok" } : {}),
      clock: clockWords(clock()),
      ...(descriptors?.count ? { descriptors: descriptors.words ?? "ok" } : {}),
      ...(tokens?.fault ? { tokens: tokens.fault } : {}),
      ...(maps?.fault ? { maps: maps.fault } : {}),
      ...(certificate ? { tls: certificate.words ?? "ok" } : {}),
      ...(history && history.state.notices.length > 0
        ? { notices: history.state.notices.map(({ file, fault }) => `${file}: ${fault}`).join("; ") }
        : {}),
    };
    return missing.length === 0 ? { ready: true, parts } : { ready: false, reason: missing.join("; "), parts };
  };
}

function clockWords(set: ClockMessage | null): string {
  if (!set) return "ok";
  return `was set ${set.by < 0 ? "back" : "ahead"} by ${Math.abs(set.by) / 1000} s at ${new Date(set.at).toISOString()}`;
}
