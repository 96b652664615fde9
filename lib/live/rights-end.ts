import { readAnswer } from "../contract/answer";
import type { Me } from "../contract/api/accounts";
import type { IssueMessage } from "../contract/socket-messages";

/** What is heard of a page's connection. */
export interface Heard {
  on(event: "issue", listener: (message: IssueMessage) => void): unknown;
  on(event: "display" | "connect_error", listener: () => void): unknown;
}

interface Parts {
  /** who this page's visitor is, for the gateway. Rejects where it cannot be asked */
  ask: () => Promise<Pick<Me, "kind" | "may" | "closed" | "enrolling">>;
  /** asks for the page anew: the gateway leads who may not see it to where he gets in (lib/gateway/page-access.ts) */
  reload: () => void;
}

const browser: Parts = {
  ask: () => fetch("/api/v1/me", { cache: "no-store" }).then(readAnswer<Me>),
  reload: () => window.location.reload(),
};

/**
 * Leaves a page whose visitor may not look at it any more: his sign-in ended, more is demanded of it, or his rights changed. Until then
 * what it shows is marked as cut off. A display stays, as nobody stands before it who could sign in: what it does instead it is told.
 */
export function leaveWithRights(socket: Heard, { ask, reload }: Parts = browser): void {
  let isDisplay = false;
  let isAsking = false;
  let hasLeft = false;
  const leave = (): void => {
    if (isDisplay || hasLeft) return;
    hasLeft = true;
    reload();
  };
  socket.on("display", () => {
    isDisplay = true;
  });
  socket.on("issue", ({ code }) => {
    if (code === "rights-changed") leave();
  });
  // A browser is not told why it was not let in: a gateway that starts again lets nobody in either.
  socket.on("connect_error", () => {
    if (isDisplay || isAsking || hasLeft) return;
    isAsking = true;
    ask()
      .then(
        ({ kind, may, closed, enrolling }) => {
          if (enrolling || (closed && kind === "anonymous" && !may.includes("look"))) leave();
        },
        () => {},
      )
      .finally(() => {
        isAsking = false;
      });
  });
}
