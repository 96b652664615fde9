import { Agent, request } from "node:http";
import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { Listening } from "./listening";

const open: Listening[] = [];
afterEach(() => {
  for (const listening of open.splice(0)) listening.close();
});

async function listen(port = 0, patience?: number): Promise<Listening> {
  const listening = await Listening.open("127.0.0.1", port, null, patience, patience && 0);
  open.push(listening);
  return listening;
}

const get = (listening: Listening, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`http://127.0.0.1:${listening.port}/healthz`, { headers });

describe("Listening", () => {
  it("tells programs and browsers to come again until requests are served", async () => {
    const listening = await listen();
    const early = await get(listening);
    expect([early.status, early.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await early.json()).toMatchObject({ code: "starting", detail: "the gateway is starting" });
    const page = await get(listening, { accept: "text/html,*/*" });
    expect([page.status, await page.text()]).toEqual([503, expect.stringContaining('http-equiv="refresh"')]);
    listening.serve((_request, response) => response.end("served"));
    expect(await (await get(listening)).text()).toBe("served");
  });

  it("keeps a connection longer than publishers wait between batches, and than proxies keep one", async () => {
    const listening = await listen();
    expect((await get(listening)).headers.get("keep-alive")).toBe("timeout=65");
  });

  it("says which variable to change where it cannot listen", async () => {
    const { port } = await listen();
    await expect(Listening.open("127.0.0.1", port)).rejects.toThrow(
      `PORT: ${port} on 127.0.0.1 is taken by another program`,
    );
    // An address for documentation (RFC 5737): no machine has it.
    await expect(Listening.open("192.0.2.1", 0)).rejects.toThrow(/^HOST: cannot listen on 192\.0\.2\.1/);
  });

  it("drains: what is in flight is answered, a kept connection is not kept, nothing is taken any more", async () => {
    const listening = await listen();
    let answer = (): void => {};
    const asked = new Promise<void>((resolve) => {
      listening.serve((_request, response) => {
        answer = () => response.end("done");
        resolve();
      });
    });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = (): Promise<string> =>
      new Promise((resolve) => {
        const call = request({ port: listening.port, host: "127.0.0.1", agent }, (response) => {
          response.resume();
          response.once("end", () => resolve(`${response.statusCode} ${response.headers.connection}`));
        });
        call.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
        call.end();
      });
    const first = ask();
    await asked;
    let drained = false;
    const draining = listening.drain(60_000).then(() => {
      drained = true;
    });
    await expect(fetch(`http://127.0.0.1:${listening.port}/`)).rejects.toThrow();
    expect(drained).toBe(false);
    answer();
    expect(await first).toBe("200 keep-alive");
    await draining;
    expect(await ask()).toMatch(/^(503 close|ECONNREFUSED|ECONNRESET)$/);
    agent.destroy();
  });

  it("does not wait longer than it may for what is in flight", async () => {
    const listening = await listen();
    listening.serve(() => {});
    const never = get(listening).catch(() => "cut");
    await new Promise((resolve) => listening.server.once("request", resolve));
    await listening.drain(100);
    listening.close();
    expect(await never).toBe("cut");
  });
});

describe("a client that takes its time", () => {
  const heard = (socket: Socket): Promise<string> =>
    new Promise((resolve) => {
      let text = "";
      socket.setEncoding("utf8").on("data", (part: string) => (text += part));
      socket.on("error", () => {}).once("close", () => resolve(text));
    });

  it.each([
    ["head", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: "],
    ["body", "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf"],
  ])("is told so and closed, where the %s of its request does not come", async (_what, half) => {
    const listening = await listen(0, 300);
    const read: number[] = [];
    listening.serve((asked) => asked.on("data", (chunk: Buffer) => read.push(chunk.length)).on("error", () => {}));
    const text = await heard(
      connect(listening.port, "127.0.0.1", function (this: Socket) {
        this.write(half);
      }),
    );
    expect(text).toMatch(/^HTTP\/1\.1 408 /);
    expect(text).toContain('"code":"too-slow"');
    expect(text).toContain("content-security-policy: ");
  });

  it("has the time that the contract says", async () => {
    const { server } = await listen();
    expect([server.headersTimeout, server.requestTimeout]).toEqual([15_000, 45_000]);
  });

  it("who asks for another protocol while the gateway starts is told to come again, and closed", async () => {
    const listening = await listen();
    const socket = connect(listening.port, "127.0.0.1", function (this: Socket) {
      this.write("GET /live/ HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
    });
    expect(await heard(socket)).toMatch(/^HTTP\/1\.1 503 [^]*retry-after: 1\r\n[^]*"code":"starting"/);
  });
});
