/**
 * Asks a gateway how it is, thirty times a second, in a thread of its own: the longest that an answer took (ms), and how
 * often there was none. Sends what it has seen when it is asked for it.
 */
import { Agent, get } from "node:http";
import { parentPort, workerData } from "node:worker_threads";

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let [longest, asked, failed] = [0, 0, 0];

function ask() {
  const began = performance.now();
  asked++;
  const again = (ok) => {
    longest = Math.max(longest, performance.now() - began);
    if (!ok) failed++;
    setTimeout(ask, 30);
  };
  get(`${workerData}/healthz`, { agent, timeout: 60_000 }, (answer) => {
    answer.resume();
    answer.once("end", () => again(answer.statusCode === 200));
  })
    .on("timeout", (call) => call?.destroy())
    .on("error", () => again(false));
}

parentPort.on("message", () => {
  parentPort.postMessage({ longest, asked, failed });
  [longest, asked, failed] = [0, 0, 0];
});
ask();
