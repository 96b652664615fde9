import { Agent, request } from "node:http";
import { now, wait } from "./clock";

/** Items kept while the gateway is away; the oldest go first. */
const BACKLOG = 20_000;

export type Kind = "readings" | "events" | "positions";

/** Sends one system's items to the gateway over the public contract, in order, and keeps a bounded backlog. */
export class Publisher {
  private readonly waiting: Record<Kind, object[]> = { readings: [], events: [], positions: [] };
  private agent = new Agent({ keepAlive: true, maxSockets: 1 });
  private sending = false;
  private quietUntil = 0;
  dropped = 0;

  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  /** Queues items and sends what waits. */
  publish(kind: Kind, items: object[]): void {
    const queue = this.waiting[kind];
    queue.push(...items);
    if (queue.length > BACKLOG) {
      this.dropped += queue.length - BACKLOG;
      queue.splice(0, queue.length - BACKLOG);
    }
    void this.flush();
  }

  /** Sends a body that no gateway should accept. */
  async garbage(): Promise<void> {
    await this.post(
      "readings",
      '{"readings":[{"city":"lianyungang","metric":"app-online","at":"yesterday","value":"many"},',
    ).catch(() => 0);
    await this.post(
      "readings",
      JSON.stringify({
        readings: [
          { city: "atlantis", metric: "x", at: "2026-01-01T00:00:00Z", value: 1 },
          { city: "lianyungang", metric: "app-online", at: new Date(now()).toISOString(), value: "many" },
        ],
      }),
    ).catch(() => 0);
  }

  /** Drops the connection and says nothing for a while, like a gateway of a source that restarts. */
  hangUp(ms: number): void {
    this.agent.destroy();
    this.agent = new Agent({ keepAlive: true, maxSockets: 1 });
    this.quietUntil = now() + ms;
  }

  /** Resolves once everything queued was sent. */
  async drained(): Promise<void> {
    while (Object.values(this.waiting).some((queue) => queue.length > 0)) {
      await this.flush();
      await wait(20);
    }
  }

  private async flush(): Promise<void> {
    if (this.sending || now() < this.quietUntil) return;
    this.sending = true;
    try {
      for (const kind of ["readings", "events", "positions"] as const) await this.flushKind(kind);
    } finally {
      this.sending = false;
    }
  }

  private async flushKind(kind: Kind): Promise<void> {
    while (this.waiting[kind].length > 0) {
      const batch = this.waiting[kind].slice(0, 5_000);
      const status = await this.post(kind, JSON.stringify({ [kind]: batch })).catch(() => 0);
      if (status === 0 || status === 429 || status >= 500) {
        // The gateway is away or busy: what waits is tried again with the next items.
        this.quietUntil = now() + 500;
        return;
      }
      this.waiting[kind].splice(0, batch.length);
    }
  }

  private post(kind: Kind, body: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const call = request(
        `${this.url}/api/v1/${kind}`,
        {
          method: "POST",
          agent: this.agent,
          timeout: 10_000,
          headers: {
            authorization: `Bearer ${this.token}`,
            "content-type": "application/json",
            "content-length": Buffer.byteLength(body),
          },
        },
        (answer) => {
          answer.resume();
          answer.on("end", () => resolve(answer.statusCode ?? 0));
        },
      );
      call.on("error", reject);
      call.on("timeout", () => call.destroy(new Error("timeout")));
      call.end(body);
    });
  }
}
