import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { checkTile } from "../../components/widgets/check-tile";
import type { ReadingState } from "../contract/reduce";
import { openLive, type LiveSocket } from "../live/socket";
import type { Gateway } from "./server";
import { makeSite, type TestSite } from "./test-site";

const TOPIC = "reading/lianyungang/all/cases-today";
const HOUR = 3_600_000;
let site: TestSite;
let ahead = 0;
let gateway: Gateway;
let wall: LiveSocket;
const now = (): number => Date.now() + ahead;

async function open(): Promise<void> {
  gateway = await site.open({ build: "dev", now });
  wall = openLive(`http://127.0.0.1:${gateway.port}`);
  wall.store.watch(TOPIC, 900, () => {});
}

async function close(): Promise<void> {
  wall.close();
  await gateway.close();
}

const last = (): ReadingState["last"] => (wall.store.state(TOPIC) as ReadingState | undefined)?.last ?? null;
const take = (value: number): void => {
  gateway.hub.takeReading({
    city: "lianyungang",
    district: "all",
    metric: "cases-today",
    at: now(),
    value,
    quality: "good",
  });
};
const shows = (value: number): Promise<void> =>
  vi.waitFor(
    () => {
      expect(last()?.value).toBe(value);
      expect(Math.abs(wall.store.now() - now())).toBeLessThan(1_000);
      expect(wall.store.connected()).toBe(true);
    },
    { timeout: 10_000, interval: 10 },
  );

beforeEach(async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  site = await makeSite(checkTile);
  ahead = 0;
  await open();
});
afterEach(async () => {
  await close();
  await site.drop();
  vi.restoreAllMocks();
});

it("a clock that is an hour ahead for a while and then back: walls show new readings at once, and say what happened", async () => {
  take(1);
  await shows(1);
  ahead = HOUR;
  take(2);
  await shows(2);
  expect(wall.store.clock).toMatchObject({ by: expect.closeTo(HOUR, -3) as number });
  ahead = 0;
  // What came by the wrong clock is not shown as the last word.
  await shows(1);
  expect(wall.store.clock?.by).toBeCloseTo(-HOUR, -3);
  take(3);
  await shows(3);
  const ready = (await (await fetch(`http://127.0.0.1:${gateway.port}/readyz`)).json()) as { parts: { clock: string } };
  expect(ready.parts.clock).toMatch(/^was set back by 3600 s at /);
  expect(console.error).toHaveBeenLastCalledWith(
    "citywall: the machine's clock was set back by 3600 s; 1 topics had times that have not come",
  );
  expect(await (await fetch(`http://127.0.0.1:${gateway.port}/metrics`)).text()).toContain(
    "\ncitywall_clock_steps 2\n",
  );
});

it("a clock that is back while the gateway is away: the next run shows new readings at once", async () => {
  ahead = HOUR;
  take(2);
  await shows(2);
  await close();
  ahead = 0;
  await open();
  take(3);
  await shows(3);
});

it("a clock that is an hour behind for a while: what was known is shown again when it is right", async () => {
  take(1);
  await shows(1);
  ahead = -HOUR;
  take(2);
  await shows(2);
  ahead = 0;
  await shows(1);
});
