/** Walls of somebody who is signed in: each tells how long a figure took from its publisher to here. */
import { WebSocket } from "ws";
import { decodeFrame } from "../lib/contract/frames";

const [url, cookie] = [process.env.BENCH_URL ?? "", process.env.BENCH_COOKIE ?? ""];
const count = Number(process.env.BENCH_CLIENTS);
const topics = [{ topic: process.env.BENCH_TOPIC ?? "", spans: [] }];

/** ms of each figure of each wall since the last report */
let delays: number[] = [];

function take(bytes: Buffer): void {
  const arrived = Date.now();
  for (const section of decodeFrame(new Uint8Array(bytes)).sections)
    // A figure is the moment at which it was sent.
    if (section.kind === "reading") for (const { value } of section.items) delays.push(arrived - value);
}

function connect(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace("http", "ws")}/live/?EIO=4&transport=websocket`, {
      perMessageDeflate: false,
      headers: { cookie, origin: url },
    });
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("the gateway closed a wall")));
    socket.on("message", (data: Buffer, binary) => {
      if (binary) return take(data);
      const text = data.toString();
      if (text.startsWith("0")) socket.send("40");
      else if (text === "2") socket.send("3");
      else if (text.startsWith("40")) socket.send(`421${JSON.stringify(["subscribe", { topics }])}`);
      else if (text.startsWith("431")) {
        const [snapshot] = JSON.parse(text.slice(3)) as [{ error?: string }];
        if (snapshot.error) reject(new Error(snapshot.error));
        else resolve();
      }
    });
  });
}

for (let begun = 0; begun < count; begun += 50)
  await Promise.all(Array.from({ length: Math.min(50, count - begun) }, connect));
process.send?.("ready");
process.on("message", () => {
  process.send?.(delays);
  delays = [];
});
