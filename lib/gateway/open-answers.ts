import type { ServerResponse } from "node:http";
import { isSamePrincipal, type Principals } from "./principals";
import type { Exchange } from "./router";

/**
 * Answers that are being made or sent. A question to the past may wait for its turn and a file may be long: whoever is signed out
 * meanwhile, or may do more or less than when he asked, gets no more of it. He asks again, as who he is then.
 */
export class OpenAnswers {
  private readonly open = new Map<ServerResponse, Pick<Exchange, "request" | "who">>();

  constructor(private readonly principals: Pick<Principals, "of" | "onChange">) {
    principals.onChange(() => {
      for (const response of this.open.keys()) void this.look(response);
    });
  }

  /** Begins with an answer, until it is sent or the asker is gone. */
  hold({ request, response, who }: Exchange): void {
    if (response.closed) return;
    this.open.set(response, { request, who });
    response.once("close", () => this.open.delete(response));
  }

  /** Cuts an answer off where who asked is not who he was, and where nobody can tell. */
  private async look(response: ServerResponse): Promise<void> {
    const asked = this.open.get(response);
    if (!asked) return;
    const found = await this.principals.of(asked.request).catch(() => null);
    if (!found || !isSamePrincipal(asked.who, found)) response.destroy();
  }
}
