import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { makePagePass } from "./pages";

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(server: Server): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

describe("makePagePass", () => {
  it("asks once more when a kept connection was closed just as it was used again", async () => {
    const used = new Map<Socket, number>();
    const pages = createServer((request, response) => {
      const count = (used.get(request.socket) ?? 0) + 1;
      used.set(request.socket, count);
      if (count > 1) request.socket.destroy();
      else response.end(`page ${request.url}`);
    });
    const gateway = await listen(createServer(makePagePass({ port: await listen(pages) })));
    const get = async (path: string): Promise<string> => {
      const answer = await fetch(`http://127.0.0.1:${gateway}${path}`);
      return `${answer.status} ${await answer.text()}`;
    };
    expect([await get("/a"), await get("/b"), await get("/c")]).toEqual(["200 page /a", "200 page /b", "200 page /c"]);
    expect(used.size).toBe(3);
  });

  it("says that pages are starting while nobody answers", async () => {
    const gone = createServer();
    const port = await listen(gone);
    await new Promise((resolve) => gone.close(resolve));
    const answer = await fetch(`http://127.0.0.1:${await listen(createServer(makePagePass({ port })))}/`);
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "2"]);
  });
});
