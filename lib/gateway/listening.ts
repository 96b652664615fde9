import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { isIP, type AddressInfo, type Socket } from "node:net";
import { after, pause } from "../clock";
import { HttpError, sendError } from "./http";
import { sendAway } from "./pages";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** How often it is looked whether connections have become idle, ms. */
const LOOK_EVERY = 50;

/** True when only this machine can reach the address. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

/**
 * The one public port. It is bound before anything else is begun, so that a port that is taken leaves nothing behind;
 * until `serve` is called, requests are told to come again.
 */
export class Listening {
  readonly server: Server;
  port = 0;
  private handler: Handler = starting;
  private readonly sockets = new Set<Socket>();
  private readonly inFlight = new Set<ServerResponse>();
  private draining = false;

  private constructor() {
    this.server = createServer((request, response) => {
      this.inFlight.add(response);
      response.once("close", () => this.inFlight.delete(response));
      // What is asked on a kept connection meanwhile is answered, and the connection not kept any longer.
      if (this.draining) response.setHeader("connection", "close");
      this.handler(request, response);
    });
    this.server.on("connection", (socket) => {
      this.sockets.add(socket);
      socket.once("close", () => this.sockets.delete(socket));
    });
  }

  /** Binds the port (0 picks one). @throws Error that names PORT or HOST */
  static async open(host: string, port: number): Promise<Listening> {
    const listening = new Listening();
    await new Promise<void>((resolve, reject) => {
      listening.server.once("error", (error) => reject(new Error(bindFault(error, host, port), { cause: error })));
      listening.server.listen(port, host, resolve);
    });
    listening.port = (listening.server.address() as AddressInfo).port;
    return listening;
  }

  /** Hands requests to `handler` from now on. */
  serve(handler: Handler): void {
    this.handler = handler;
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
    this.server.closeIdleConnections();
  }

  /** Closes what is still open, live connections too. */
  close(): void {
    if (this.server.listening) this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }
}

function comeAgain(code: "starting" | "ending", message: string): Handler {
  return (request, response) => {
    if (request.headers.accept?.includes("text/html")) sendAway(response);
    else sendError(response, new HttpError(503, code, message, { "retry-after": "1" }));
  };
}

const starting = comeAgain("starting", "the gateway is starting");
const ending = comeAgain("ending", "the gateway is ending");

function bindFault(error: NodeJS.ErrnoException, host: string, port: number): string {
  if (error.code === "EADDRINUSE") return `PORT: ${port} on ${host} is taken by another program`;
  if (error.code === "EACCES") return `PORT: ${port} on ${host} may not be opened by this user`;
  return `HOST: cannot listen on ${host}, port ${port}: ${error.message}`;
}
