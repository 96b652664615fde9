import type { Server } from "node:http";
import type { Socket } from "node:net";
import { createServer, type TLSSocket } from "node:tls";
import { after } from "../clock";
import type { Certificate } from "./certificate";

/** The first byte of every connection that begins with TLS (a record of a handshake, RFC 8446, 5.1); HTTP begins with a letter. */
const HANDSHAKE = 0x16;
const OLDEST = "TLSv1.2";

/**
 * Makes a server of HTTP speak TLS on the same port as well, by a certificate that may be replaced meanwhile. What comes without TLS
 * goes on as it is: who may ask so is seen by who reads the request, and can be told what to do instead.
 * @param patience ms that a connection has to say its first byte, and to agree on keys
 */
export function speakTls(server: Server, certificate: Certificate, patience: number): void {
  const [take] = server.listeners("connection") as [(socket: Socket) => void];
  const settings = () => ({ ...certificate.context, minVersion: OLDEST }) as const;
  const door = createServer({ ...settings(), handshakeTimeout: patience, ALPNProtocols: ["http/1.1"] }, (socket) =>
    take.call(server, socket),
  );
  certificate.onChange(() => door.setSecureContext(settings()));
  // Whoever agrees on nothing has nobody to answer to; what is no request after that is answered as without TLS.
  door.on("tlsClientError", (_error, socket: TLSSocket) => socket.destroy());
  door.on("clientError", (error: Error, socket: Socket) => server.emit("clientError", error, socket));
  server.removeListener("connection", take);
  server.on("connection", (socket: Socket) =>
    whenItSpeaks(socket, patience, (first) => {
      if (first === HANDSHAKE) door.emit("connection", socket);
      else take.call(server, socket);
    }),
  );
}

/** Calls back with the first byte, which stays to be read; a connection that says nothing in time is closed. */
function whenItSpeaks(socket: Socket, patience: number, then: (first: number) => void): void {
  const giveUp = (): void => void socket.destroy();
  const cancel = after(patience, giveUp);
  const look = (): void => {
    const bytes = socket.read() as Buffer | null;
    if (bytes === null) {
      socket.once("readable", look);
      return;
    }
    cancel();
    for (const event of ["error", "end"]) socket.removeListener(event, giveUp);
    socket.unshift(bytes);
    then(bytes[0] as number);
  };
  for (const event of ["error", "end"]) socket.once(event, giveUp);
  socket.once("close", cancel);
  socket.once("readable", look);
}
