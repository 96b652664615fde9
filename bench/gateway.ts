/**
 * A gateway as a child process that also feeds itself over HTTP-free calls to its hub on demand, and tells what it
 * cost.
 */
import path from "node:path";
import { checkTile } from "../components/widgets/check-tile";
import { openGateway } from "../lib/gateway/server";
import { benchValue } from "./city";

type Order =
  { kind: "feed"; rate: number; metrics: number; city: string } | { kind: "stop" } | { kind: "stats" } | { kind: "gc" };

/** Who may do what, in a process of its own as at a site; nothing where nobody has to sign in. */
async function signIn() {
  if (process.env.CITYWALL_SIGN_IN !== "1") return {};
  const [{ RemoteControl }, { forkProgram }, { screenTopics }] = await Promise.all([
    import("../lib/control/remote"),
    import("../server/processes"),
    import("../components/widgets/screen-topics"),
  ]);
  const launch = () => forkProgram("control", process.env, { serialization: "advanced" });
  return { closed: true, screenTopics, control: new RemoteControl(launch) };
}

const gateway = await openGateway({
  ...(await signIn()),
  host: "127.0.0.1",
  port: 0,
  data: process.env.CITYWALL_DATA ?? "",
  cities: process.env.CITYWALL_CITIES ?? "",
  pagesPort: process.env.CITYWALL_PAGES_PORT ? Number(process.env.CITYWALL_PAGES_PORT) : null,
  files: process.env.CITYWALL_FILES ?? path.resolve(import.meta.dirname, ".."),
  checkTile,
  build: "bench",
});

let timer: NodeJS.Timeout | null = null;
let fed = 0;

/**
 * Readings spread evenly over time, as many sources would send them. It wakes only when one is due: the gateway is
 * measured, not its feeder.
 */
function feed(rate: number, metrics: number, city: string): void {
  const began = performance.now();
  let made = 0;
  const more = (): void => {
    const due = Math.floor(((performance.now() - began) / 1000) * rate);
    for (; made < due; made++) {
      const at = Date.now();
      gateway.hub.takeReading({
        city,
        district: "all",
        metric: `m${(made % metrics) + 1}`,
        at,
        value: benchValue((made % metrics) + 1, at),
        quality: "good",
      });
      fed++;
    }
    timer = setTimeout(more, Math.max(4, ((made + 1) / rate) * 1000 - (performance.now() - began)));
  };
  more();
}

process.on("message", (order: Order) => {
  if (order.kind === "feed") feed(order.rate, order.metrics, order.city);
  else if (order.kind === "stop" && timer) clearTimeout(timer);
  else if (order.kind === "gc") globalThis.gc?.();
  const cpu = process.cpuUsage();
  process.send?.({
    fed,
    cpuMs: (cpu.user + cpu.system) / 1000,
    rss: process.memoryUsage.rss(),
    heap: process.memoryUsage().heapUsed + process.memoryUsage().external,
    ...gateway.outbox.stats,
    port: gateway.port,
  });
});
process.send?.({ port: gateway.port });
