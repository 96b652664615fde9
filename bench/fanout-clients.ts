/** Many bare WebSockets that speak just enough engine.io and socket.io to be walls. */
import { WebSocket } from "ws";
import { decodeFrame } from "../lib/contract/frames";

const port = Number(process.env.BENCH_PORT);
const count = Number(process.env.BENCH_CLIENTS);
const topics = Array.from({ length: Number(process.env.BENCH_METRICS) }, (_, i) => ({
  topic: `reading/bench/all/m${i + 1}`,
  spans: [],
}));

/** of those who sign in, a line each */
const cookies = (process.env.BENCH_COOKIES ?? "").split("\n");
let next = 0;
let delivered = 0;
let gaps = 0;
let wrong = 0;

/** One client: connects, subscribes, counts. All get the same bytes, so they are decoded once. */
const decoded = new Map<string, { set: number; seq: number; readings: number }>();
function summary(bytes: Buffer): { set: number; seq: number; readings: number } {
  const key = bytes.toString("latin1");
  const known = decoded.get(key);
  if (known) return known;
  const frame = decodeFrame(new Uint8Array(bytes));
  const made = {
    set: frame.set,
    seq: frame.seq,
    readings: frame.sections.reduce((sum, section) => sum + section.advance, 0),
  };
  if (decoded.size > 200) decoded.clear();
  decoded.set(key, made);
  return made;
}

function connect(): Promise<void> {
  const cookie = cookies[next++ % cookies.length];
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/live/?EIO=4&transport=websocket`, {
      perMessageDeflate: false,
      ...(cookie ? { headers: { cookie } } : {}),
    });
    let set = -1;
    let seq = -1;
    socket.on("error", reject);
    socket.on("message", (data: Buffer, binary) => {
      if (binary) {
        const frame = summary(data);
        if (frame.set !== set) return;
        if (frame.seq !== seq + 1) gaps++;
        seq = frame.seq;
        delivered += frame.readings;
        return;
      }
      const text = data.toString();
      if (text.startsWith("0")) socket.send("40");
      else if (text === "2") socket.send("3");
      else if (text.startsWith("40")) socket.send(`421${JSON.stringify(["subscribe", { topics }])}`);
      else if (text.startsWith("431")) {
        const [snapshot] = JSON.parse(text.slice(3)) as [{ set: number; seq: number; error?: string }];
        if (snapshot.error) wrong++;
        ({ set, seq } = snapshot);
        resolve();
      }
    });
  });
}

for (let begun = 0; begun < count; begun += 50)
  await Promise.all(Array.from({ length: Math.min(50, count - begun) }, connect));
process.send?.("ready");
process.on("message", () => process.send?.({ delivered, gaps, wrong }));
