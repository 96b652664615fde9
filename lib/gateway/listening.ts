import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { after, pause } from "../clock";
import { LIMITS } from "../contract/api/limits";
import type { Certificate } from "./certificate";
import { HttpError, sendError } from "./http";
import { sendAway } from "./pages";
import { refuseSocket } from "./raw-answer";
import { secure } from "./secure-headers";
import { speakTls } from "./tls-door";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
/** Answers a request for another protocol on its bare socket, or keeps the socket. */
type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** How often it is looked whether connections have become idle, ms. */
const LOOK_EVERY = 50;

/**
 * The one public port. It is bound before anything else is begun, so that a port that is taken leaves nothing behind;
 * until `serve` is called, requests are told to come again.
 */
export class Listening {
  readonly server: Server;
  port = 0;
  private handler: Handler = starting;
  private upgrade: UpgradeHandler = (_request, socket) => refuseSocket(socket, comeAgain("starting"));
  private readonly sockets = new Set<Socket>();
  private readonly inFlight = new Set<ServerResponse>();
  private draining = false;

  private constructor(certificate: Certificate | null, patience: number, line: number) {
    const options = {
      headersTimeout: patience,
      // A body that waits for its turn is not late; how it comes then is looked at by who reads it.
      requestTimeout: patience + line,
      keepAliveTimeout: LIMITS.idleConnection,
      // The gate says so, with all that an answer has.
      requireHostHeader: false,
      // How late a slow request may be noticed.
      connectionsCheckingInterval: Math.min(1_000, patience),
    };
    this.server = createServer(options, (request, response) => this.answer(request, response));
    this.server.maxConnections = LIMITS.connections;
    if (certificate) speakTls(this.server, certificate, patience);
    this.server.on("connection", (socket) => {
      this.sockets.add(socket);
      socket.once("close", () => this.sockets.delete(socket));
    });
    this.server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.upgrade(request, socket, head),
    );
    this.server.on("connect", (_request, socket: Duplex) => refuseSocket(socket, noProxy()));
    this.server.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex) => refuseUnread(error, socket));
    this.server.on("checkExpectation", (request: IncomingMessage, response: ServerResponse) => {
      secure(response);
      const headers = { connection: "close" };
      sendError(
        response,
        new HttpError(417, "unreadable", `Expect: "${request.headers.expect}" is not known`, headers),
      );
    });
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    this.inFlight.add(response);
    response.once("close", () => this.inFlight.delete(response));
    secure(response);
    // What is asked on a kept connection meanwhile is answered, and the connection not kept any longer.
    if (this.draining) response.setHeader("connection", "close");
    this.handler(request, response);
  }

  /**
   * Binds the port (0 picks one). @throws Error that names PORT or HOST
   * @param certificate speaks TLS on it too @param patience ms that the head of a request has to come, and the rest of it
   * @param line ms that a body may wait for its turn besides
   */
  static async open(
    host: string,
    port: number,
    certificate: Certificate | null = null,
    patience: number = LIMITS.request,
    line: number = LIMITS.bodies.seconds * 1_000,
  ): Promise<Listening> {
    const listening = new Listening(certificate, patience, line);
    await new Promise<void>((resolve, reject) => {
      listening.server.once("error", (error) => reject(new Error(bindFault(error, host, port), { cause: error })));
      listening.server.listen(port, host, resolve);
    });
    listening.port = (listening.server.address() as AddressInfo).port;
    return listening;
  }

  /** Hands requests to `handler` from now on, and those for another protocol to `upgrade`. */
  serve(handler: Handler, upgrade?: UpgradeHandler): void {
    this.handler = handler;
    if (upgrade) this.upgrade = upgrade;
  }

  /** Takes no more connections, and waits until the requests in flight are answered, `limit` ms at the most. */
  async drain(limit: number): Promise<void> {
    this.draining = true;
    this.server.close();
    let late = false;
    const cancel = after(limit, () => {
      late = true;
    });
    while (this.inFlight.size > 0 && !late) await pause(LOOK_EVERY);
    cancel();
    // What is asked from here on would meet parts that are closing.
    this.handler = ending;
    this.upgrade = (_request, socket) => refuseSocket(socket, comeAgain("ending"));
    this.server.closeIdleConnections();
  }

  /** Closes what is still open, live connections too. */
  close(): void {
    if (this.server.listening) this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }
}

function comeAgain(code: "starting" | "ending"): HttpError {
  return new HttpError(503, code, `the gateway is ${code}`, { "retry-after": "1" });
}

function sendLater(code: "starting" | "ending"): Handler {
  return (request, response) => {
    if (request.headers.accept?.includes("text/html")) sendAway(response);
    else sendError(response, comeAgain(code));
  };
}

const starting = sendLater("starting");
const ending = sendLater("ending");

function noProxy(): HttpError {
  return new HttpError(405, "wrong-method", "CONNECT is not taken here", { allow: "GET, HEAD, POST, DELETE" });
}

/** Answers what could not be read as a request, or did not come in time, and closes its connection. */
function refuseUnread(
  error: NodeJS.ErrnoException & { rawPacket?: Buffer },
  socket: Duplex & { _httpMessage?: ServerResponse | null },
): void {
  // An answer that has begun cannot be told from another one behind it.
  if (error.code === "ECONNRESET" || socket._httpMessage?.headersSent) socket.destroy();
  else refuseSocket(socket, unread(error.code), error.rawPacket?.subarray(0, 5).toString("latin1") === "HEAD ");
}

function unread(code: string | undefined): HttpError {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT")
    return new HttpError(408, "too-slow", `the request was not whole within ${LIMITS.request / 1000} s`);
  if (code === "HPE_HEADER_OVERFLOW") return new HttpError(431, "too-large", "the headers are too large");
  return new HttpError(400, "unreadable", "the request cannot be read");
}

function bindFault(error: NodeJS.ErrnoException, host: string, port: number): string {
  if (error.code === "EADDRINUSE") return `PORT: ${port} on ${host} is taken by another program`;
  if (error.code === "EACCES") return `PORT: ${port} on ${host} may not be opened by this user`;
  return `HOST: cannot listen on ${host}, port ${port}: ${error.message}`;
}
