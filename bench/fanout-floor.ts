/**
 * The least a process can do to keep many sockets up to date: the same bytes, at the same tick, straight into each of
 * them.
 */
import net, { type AddressInfo, type Socket } from "node:net";

const TICK = 50;
/** bytes of a frame around its readings, and of one reading in it, as the outbox encodes them */
const [FRAME, READING] = [24, 11];

const rate = Number(process.env.BENCH_RATE);
const sockets = new Set<Socket>();
const server = net
  .createServer((socket) => {
    socket.setNoDelay(true);
    sockets.add(socket);
    socket
      .on("error", () => sockets.delete(socket))
      .on("close", () => sockets.delete(socket))
      .resume();
  })
  .listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));

const began = performance.now();
let told = 0;
let delivered = 0;
setInterval(() => {
  const due = Math.floor(((performance.now() - began) / 1000) * rate);
  const readings = due - told;
  if (readings === 0) return;
  told = due;
  const frame = Buffer.alloc(FRAME + READING * readings, readings);
  for (const socket of sockets) socket.write(frame);
  delivered += readings * sockets.size;
}, TICK);

process.on("message", () => {
  const cpu = process.cpuUsage();
  process.send?.({ cpuMs: (cpu.user + cpu.system) / 1000, delivered, sockets: sockets.size });
});
