import { copyFile, mkdtemp, readFile, rm, utimes } from "node:fs/promises";
import { Agent, request as httpsRequest } from "node:https";
import { request as httpRequest, type IncomingHttpHeaders, type RequestOptions } from "node:http";
import { connect as connectPlain, type Socket } from "node:net";
import os from "node:os";
import path from "node:path";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { io } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkTile } from "../../components/widgets/check-tile";
import * as parser from "../contract/parser";
import { Certificate } from "./certificate";
import { Listening } from "./listening";
import type { Gateway } from "./server";
import { makeCertificate, type MadeCertificate } from "./test-certificate";
import { makeSite, type TestSite } from "./test-site";

let folder: string;
let site: TestSite;
let files: MadeCertificate;
let gateway: Gateway;
const ca: { pem?: string } = {};
/** An address of this machine that is not loopback's stands for another machine's: requests come in from a trusted proxy. */
const OTHER = "127.0.0.9";

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "citywall-tls-"));
  files = makeCertificate(folder, "wall");
  ca.pem = await readFile(files.cert, "utf8");
  site = await makeSite(checkTile);
  gateway = await site.open({ tls: files, trustedProxies: [OTHER], hosts: ["wall.example.org"], addressRate: 2 });
});
afterAll(async () => {
  await gateway.close();
  await site.drop();
  await rm(folder, { recursive: true });
});

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

function ask(options: RequestOptions & { tls?: boolean; body?: string }): Promise<Answer> {
  const { tls = false, body, ...more } = options;
  const make = tls ? httpsRequest : httpRequest;
  const agent = tls ? new Agent({ ca: ca.pem }) : undefined;
  return new Promise((resolve, reject) => {
    const call = make({ host: "127.0.0.1", port: gateway.port, path: "/healthz", agent, ...more }, (response) => {
      let text = "";
      response.on("data", (part: Buffer) => (text += part.toString()));
      response.once("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    call.once("error", reject);
    call.end(body);
  });
}

/** A request that a proxy hands on, for someone elsewhere. */
const viaProxy = (scheme: string, options: RequestOptions & { body?: string } = {}): Promise<Answer> =>
  ask({
    localAddress: OTHER,
    ...options,
    headers: {
      "x-forwarded-for": "203.0.113.9",
      "x-forwarded-proto": scheme,
      "x-forwarded-host": "wall.example.org",
      ...options.headers,
    },
  });

describe("a gateway with a certificate", () => {
  it("answers over TLS, says there and there alone that browsers are to hold to it, and lets this machine ask without", async () => {
    const over = await ask({ tls: true });
    expect([over.status, over.headers["strict-transport-security"]]).toEqual([200, "max-age=31536000"]);
    const without = await ask({});
    expect([without.status, without.headers["strict-transport-security"]]).toEqual([200, undefined]);
    const lost = await ask({ tls: true, path: "/nothing-here" });
    expect([lost.status, lost.headers["strict-transport-security"]]).toEqual([404, "max-age=31536000"]);
  });

  it("speaks nothing older than TLS 1.2, and nothing but HTTP over it", async () => {
    const agreed = (version: "TLSv1.1" | "TLSv1.2" | "TLSv1.3"): Promise<string> =>
      new Promise((resolve) => {
        const socket: TLSSocket = connectTls(
          {
            port: gateway.port,
            ca: ca.pem,
            host: "127.0.0.1",
            ALPNProtocols: ["h2", "http/1.1"],
            minVersion: version,
            maxVersion: version,
            ciphers: "DEFAULT@SECLEVEL=0",
          },
          () => {
            resolve(`${socket.getProtocol()} ${socket.alpnProtocol}`);
            socket.destroy();
          },
        );
        socket.once("error", () => resolve("refused"));
      });
    expect([await agreed("TLSv1.1"), await agreed("TLSv1.2"), await agreed("TLSv1.3")]).toEqual([
      "refused",
      "TLSv1.2 http/1.1",
      "TLSv1.3 http/1.1",
    ]);
  });

  it("sends others who read without TLS to it, and refuses what carries anything", async () => {
    const page = await viaProxy("http", { path: "/wall/lianyungang/overview?theme=day" });
    expect([page.status, page.headers.location]).toEqual([
      307,
      "https://wall.example.org/wall/lianyungang/overview?theme=day",
    ]);
    const posted = await viaProxy("http", { method: "POST", path: "/api/v1/readings", body: "{}" });
    expect([posted.status, (JSON.parse(posted.body) as { code: string }).code]).toEqual([426, "needs-tls"]);
    expect((await viaProxy("https")).status).toBe(200);
  });

  it("takes a proxy's visitors for themselves: one who asks too much does not use up what the others may ask", async () => {
    const statuses = async (visitor: string, count: number): Promise<number[]> => {
      const all = Array.from({ length: count }, () => viaProxy("https", { headers: { "x-forwarded-for": visitor } }));
      return [...new Set((await Promise.all(all)).map(({ status }) => status))].sort();
    };
    expect(await statuses("203.0.113.77", 120)).toEqual([200, 429]);
    expect(await statuses("203.0.113.78", 1)).toEqual([200]);
    expect(await statuses("203.0.113.77", 1)).toEqual([429]);
  });

  it("holds a proxy to its names by both: whom it was asked for, and whom it asks", async () => {
    const asked = async (host: string, forwarded: string): Promise<number> =>
      (await viaProxy("https", { headers: { host, "x-forwarded-host": forwarded } })).status;
    expect(await asked("localhost", "wall.example.org")).toBe(200);
    expect(await asked("localhost", "evil.com")).toBe(421);
    // A page whose name was made to lead to the proxy may write any header but Host.
    expect(await asked("evil.com", "wall.example.org")).toBe(421);
  });

  it("lets no page write that came under its name without TLS", async () => {
    const from = (origin: string): Promise<Answer> =>
      viaProxy("https", { method: "POST", path: "/api/v1/annotations/lianyungang", body: "{}", headers: { origin } });
    expect((await from("http://wall.example.org")).status).toBe(403);
    expect((await from("https://wall.example.org")).status).not.toBe(403);
  });

  it("serves the live socket over TLS", async () => {
    const socket = io(`https://127.0.0.1:${gateway.port}`, {
      path: "/live",
      transports: ["websocket"],
      parser,
      ca: ca.pem,
    } as object);
    const hello = await new Promise((resolve) => {
      socket.once("hello", resolve);
      socket.once("connect_error", (error) => resolve(error.message));
    });
    socket.close();
    expect(hello).toMatchObject({ build: "test" });
  });

  it("tells how its certificate stands where it tells how it is", async () => {
    const { parts } = JSON.parse((await ask({ path: "/readyz" })).body) as { parts: Record<string, string> };
    expect(parts.tls).toBe("ok");
    const seconds = /^citywall_certificate_seconds (\d+)/m.exec((await ask({ path: "/metrics" })).body)?.[1];
    expect(Math.round(Number(seconds) / 86_400)).toBe(90);
  });
});

describe("a port that speaks both", () => {
  it("takes a new certificate for new connections, and keeps those that are there", async () => {
    const live = { cert: path.join(folder, "live.crt"), key: path.join(folder, "live.key") };
    const put = async (made: MadeCertificate, at: number): Promise<void> => {
      for (const one of ["cert", "key"] as const) {
        await copyFile(made[one], live[one]);
        await utimes(live[one], at, at);
      }
    };
    await put(files, 10);
    const certificate = Certificate.open(live);
    const listening = await Listening.open("127.0.0.1", 0, certificate);
    listening.serve((_request, response) => response.end("served"));
    const open = (): Promise<{ socket: TLSSocket; name: string }> =>
      new Promise((resolve) => {
        const socket: TLSSocket = connectTls(
          { port: listening.port, host: "127.0.0.1", rejectUnauthorized: false },
          () => resolve({ socket, name: String(socket.getPeerCertificate().subject.CN) }),
        );
      });
    const before = await open();
    await put(makeCertificate(folder, "newer"), 20);
    for (let i = 0; i < 2; i++) certificate.look();
    const after = await open();
    expect([before.name, after.name]).toEqual(["wall", "newer"]);
    const answer = await new Promise<string>((resolve) => {
      before.socket.once("data", (data: Buffer) => resolve(data.toString()));
      before.socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    });
    expect(answer).toContain("served");
    for (const { socket } of [before, after]) socket.destroy();
    await listening.drain(1_000);
    listening.close();
    certificate.close();
  });

  it("closes who says nothing, half a handshake or half a request in time, with or without TLS", async () => {
    const certificate = Certificate.open(files);
    const listening = await Listening.open("127.0.0.1", 0, certificate, 300, 0);
    const heard = (socket: Socket): Promise<string> =>
      new Promise((resolve) => {
        let text = "";
        socket.on("data", (part: Buffer) => (text += part.toString("latin1")));
        socket.on("error", () => {}).once("close", () => resolve(text));
      });
    const plain = (bytes: string): Socket => {
      const socket = connectPlain(listening.port, "127.0.0.1");
      if (bytes) socket.write(bytes, "latin1");
      return socket;
    };
    const over = connectTls({ port: listening.port, host: "127.0.0.1", ca: ca.pem }, () =>
      over.write("GET / HTTP/1.1\r\nHost: x"),
    );
    const texts = await Promise.all([plain(""), plain("\x16\x03\x01"), plain("GET / HT"), over].map(heard));
    expect(texts.map((text) => /^HTTP\/1\.1 \d+|^$|^\x15/.exec(text)?.[0])).toEqual([
      "",
      "",
      "HTTP/1.1 408",
      "HTTP/1.1 408",
    ]);
    const noise = await heard(plain("\x16\x03\x01\x00\x05hello there"));
    expect(noise.length).toBeLessThan(20);
    listening.close();
    certificate.close();
  });
});
