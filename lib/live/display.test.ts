import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DisplayStanding, ReportRequest } from "../contract/api/displays";
import { Display, gatewayDisplay, lookAt } from "./display";

const HALL = { state: "paired", id: "1", title: "Hall", city: "lianyungang", screen: "overview" } as const;
const WITHDRAWN = { state: "withdrawn", title: "Hall" } as const;
const LOOK: ReportRequest = {
  version: "one",
  painted: 10,
  health: { connected: true, faults: 0, skipped: 0, up: 1, width: 1, height: 1 },
};

/** What the gateway says, by hand. */
class Gateway {
  readonly reports: ReportRequest[] = [];
  asked = 0;
  private readonly waiting: { resolve: (standing: DisplayStanding) => void; reject: (error: Error) => void }[] = [];
  say: (standing: DisplayStanding) => void = () => {};
  cut: () => void = () => {};

  private answer(): Promise<DisplayStanding> {
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }
  readonly socket = {
    onDisplay: (listener: (standing: DisplayStanding) => void) => void (this.say = listener),
    onLost: (listener: () => void) => void (this.cut = listener),
  };
  readonly uplink = {
    standing: () => {
      this.asked++;
      return this.answer();
    },
    report: (report: ReportRequest) => {
      this.reports.push(report);
      return this.answer();
    },
  };
  /** Answers what was asked first; null: it cannot be reached. */
  async answers(standing: DisplayStanding | null): Promise<void> {
    const first = this.waiting.shift();
    if (standing) first?.resolve(standing);
    else first?.reject(new Error("away"));
    await vi.advanceTimersByTimeAsync(0);
  }
}

let gateway: Gateway;
let heard: DisplayStanding[];
beforeEach(() => {
  vi.useFakeTimers();
  gateway = new Gateway();
  heard = [];
  new Display({ ...gateway, look: () => LOOK }).onChange((standing) => heard.push(standing));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a browser that is a display", () => {
  it("tells how it does at once and every 30 s, for as long as it is one", async () => {
    gateway.say(HALL);
    expect(gateway.reports).toEqual([LOOK]);
    await gateway.answers(HALL);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(gateway.reports).toHaveLength(2);
    await gateway.answers(WITHDRAWN);
    await vi.advanceTimersByTimeAsync(300_000);
    expect(gateway.reports).toHaveLength(2);
    expect(heard).toEqual([HALL, WITHDRAWN]);
  });

  it("hears each change once, and goes on telling after it was paired anew", async () => {
    gateway.say(HALL);
    gateway.say(HALL);
    await gateway.answers(HALL);
    gateway.say({ ...HALL, screen: "traffic" });
    gateway.say(WITHDRAWN);
    gateway.say(HALL);
    expect(heard).toEqual([HALL, { ...HALL, screen: "traffic" }, WITHDRAWN, HALL]);
    expect(gateway.reports).toHaveLength(2);
  });

  it("asks what it is where its connection was lost, again and again until it is told", async () => {
    gateway.say(HALL);
    await gateway.answers(HALL);
    gateway.cut();
    gateway.cut();
    expect(gateway.asked).toBe(1);
    await gateway.answers(null);
    expect(heard).toEqual([HALL]);
    gateway.cut();
    expect(gateway.asked).toBe(2);
    await gateway.answers(WITHDRAWN);
    expect(heard).toEqual([HALL, WITHDRAWN]);
  });

  it("believes no answer that is older than what it has heard meanwhile", async () => {
    gateway.say(HALL);
    gateway.say(WITHDRAWN);
    await gateway.answers(HALL);
    expect(heard).toEqual([HALL, WITHDRAWN]);
  });

  it("goes on telling where the gateway cannot be reached for a while", async () => {
    gateway.say(HALL);
    await gateway.answers(null);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(gateway.reports).toHaveLength(2);
    await gateway.answers(HALL);
    expect(heard).toEqual([HALL]);
  });

  it("is told that its secret holds no longer", async () => {
    gateway.say(HALL);
    await gateway.answers({ state: "none" });
    expect(heard).toEqual([HALL, { state: "none" }]);
  });
});

describe("a browser that is none", () => {
  it("neither asks nor tells, whatever becomes of its connection", async () => {
    gateway.cut();
    gateway.say({ state: "none" });
    gateway.cut();
    await vi.advanceTimersByTimeAsync(300_000);
    expect([gateway.asked, gateway.reports, heard]).toEqual([0, [], []]);
  });
});

describe("what a display asks", () => {
  it("goes to its gateway; 401 says that it is none, other refusals say nothing", async () => {
    const answers = [
      Response.json(HALL),
      Response.json({ code: "no-display" }, { status: 401 }),
      Response.json({ code: "control-away", detail: "away" }, { status: 503 }),
    ];
    const fetched = vi.fn(() => Promise.resolve(answers.shift() as Response));
    vi.stubGlobal("fetch", fetched);
    const { standing, report } = gatewayDisplay();
    expect(await standing()).toEqual(HALL);
    expect(await report(LOOK)).toEqual({ state: "none" });
    await expect(report(LOOK)).rejects.toThrow("away");
    expect(fetched.mock.calls.map((call) => (call as unknown[])[0])).toEqual([
      "/api/v1/display",
      "/api/v1/display/report",
      "/api/v1/display/report",
    ]);
  });

  it("says how the page does by clocks that nobody sets", () => {
    vi.stubGlobal("window", { innerWidth: 1920, innerHeight: 1080 });
    const socket = { build: () => "one", store: { connected: () => true, skippedFrames: 3 } };
    const look = (paintedAt: number) =>
      lookAt({ socket: socket as never, scheduler: { stats: { faults: 2, paintedAt } } }, 1_000, () => 61_000);
    expect(look(60_500)).toEqual({
      version: "one",
      painted: 500,
      health: { connected: true, faults: 2, skipped: 3, up: 60, width: 1920, height: 1080 },
    });
    expect(look(-Infinity).painted).toBeNull();
  });
});
