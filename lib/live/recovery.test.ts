import vm from "node:vm";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { markAlive, recover, RECOVERY } from "./recovery";

class ScriptElement {}
class LinkElement {
  constructor(readonly rel: string) {}
}

/** A page as far as the script knows one; its timers are vitest's. */
function openPage({
  kept = {},
  storage = true,
  chance = 0,
}: { kept?: Record<string, string>; storage?: boolean; chance?: number } = {}) {
  const page = {
    reloads: 0,
    asked: [] as unknown[],
    /** status of the next answers; null: nobody answers */
    status: 200 as number | null,
    dataset: {} as Record<string, string>,
    fail: (_target: object): void => {},
    show: (_event: { persisted: boolean }): void => {},
  };
  const refuse = (): never => {
    throw new Error("storage is off");
  };
  const sandbox: Record<string, unknown> = {
    HTMLScriptElement: ScriptElement,
    HTMLLinkElement: LinkElement,
    document: { documentElement: { dataset: page.dataset } },
    location: { href: "http://wall/x", reload: () => page.reloads++ },
    fetch: (url: string, init: object) => {
      page.asked.push([url, init]);
      return page.status === null ? Promise.reject(new Error("refused")) : Promise.resolve({ status: page.status });
    },
    sessionStorage: storage
      ? {
          getItem: (key: string) => kept[key] ?? null,
          setItem: (key: string, value: string) => (kept[key] = value),
          removeItem: (key: string) => delete kept[key],
        }
      : { getItem: refuse, setItem: refuse, removeItem: refuse },
    Math: { min: Math.min, random: () => chance },
    setTimeout: (task: () => void, ms: number) => setTimeout(task, ms),
    addEventListener: (kind: string, listener: (event: object) => void, capture: boolean) => {
      if (kind === "pageshow") page.show = listener;
      // A resource's failure does not bubble: whoever listens without capturing never hears of it.
      if (kind === "error" && capture) page.fail = (target) => listener({ target });
    },
  };
  sandbox.window = sandbox;
  vm.runInNewContext(RECOVERY, sandbox);
  return page;
}

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe("a page that is gone back to", () => {
  it("is loaded again where a browser had kept it whole: who looked at it may have signed out since", () => {
    const page = openPage();
    page.show({ persisted: false });
    expect(page.reloads).toBe(0);
    page.show({ persisted: true });
    expect(page.reloads).toBe(1);
  });
});

describe("a page that did not come whole", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each([
    ["script", new ScriptElement()],
    ["style sheet", new LinkElement("stylesheet")],
  ])("is loaded again 3 s after a %s failed", async (_name, target) => {
    const page = openPage();
    page.fail(target);
    await pass(2_999);
    expect(page.reloads).toBe(0);
    await pass(1);
    expect(page.reloads).toBe(1);
    expect(page.asked).toEqual([["http://wall/x", { cache: "no-store" }]]);
  });

  it("stays when only a picture or an icon failed", async () => {
    const page = openPage();
    page.dataset.alive = "";
    page.fail({});
    page.fail(new LinkElement("icon"));
    await pass(3_600_000);
    expect([page.reloads, page.asked]).toEqual([0, []]);
  });

  it("asks every 3 s until the server answers with a page, and reloads once", async () => {
    const page = openPage();
    page.status = null;
    page.fail(new ScriptElement());
    page.fail(new ScriptElement());
    await pass(3_000 + 2 * 3_000);
    page.status = 502;
    await pass(3_000);
    expect([page.reloads, page.asked.length]).toEqual([0, 4]);
    page.status = 404;
    await pass(3_000);
    expect([page.reloads, page.asked.length]).toEqual([1, 5]);
  });

  it("waits longer each time it does not help, up to a minute", async () => {
    const kept: Record<string, string> = {};
    for (const wait of [3_000, 6_000, 12_000, 24_000, 48_000, 60_000, 60_000]) {
      const page = openPage({ kept });
      page.fail(new ScriptElement());
      await pass(wait - 1);
      expect(page.reloads).toBe(0);
      await pass(1);
      expect(page.reloads).toBe(1);
      // A new page has new timers.
      vi.clearAllTimers();
    }
  });

  it("waits up to half as long again by chance: what failed together does not come back together", async () => {
    const page = openPage({ chance: 0.5 });
    page.status = null;
    page.fail(new ScriptElement());
    await pass(3_749);
    expect(page.asked.length).toBe(0);
    await pass(1);
    expect(page.asked.length).toBe(1);
    await pass(3_749);
    expect(page.asked.length).toBe(1);
    await pass(1);
    expect(page.asked.length).toBe(2);
  });

  it("begins with 3 s again after it ran for 3 minutes", async () => {
    const kept = { "citywall-recoveries": "5" };
    const page = openPage({ kept });
    page.dataset.alive = "";
    await pass(179_999);
    expect(kept).toEqual({ "citywall-recoveries": "5" });
    await pass(1);
    expect(kept).toEqual({});
  });

  it("comes back although nothing can be kept", async () => {
    const page = openPage({ storage: false });
    page.fail(new ScriptElement());
    await pass(3_000);
    expect(page.reloads).toBe(1);
    await pass(180_000);
  });

  it("is loaded again when its own script has not said within a minute that it runs", async () => {
    const dead = openPage();
    const alive = openPage();
    alive.dataset.alive = "";
    await pass(60_000 + 2_999);
    expect([dead.reloads, alive.reloads]).toEqual([0, 0]);
    await pass(1);
    expect([dead.reloads, alive.reloads]).toEqual([1, 0]);
  });
});

describe("the page's own script", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("asks for a reload, where there is somebody to ask", () => {
    const asked = vi.fn();
    vi.stubGlobal("window", { citywallRecover: asked });
    recover();
    expect(asked).toHaveBeenCalledOnce();
    vi.stubGlobal("window", {});
    expect(recover).not.toThrow();
  });

  it("says that it runs where the script above looks", () => {
    const dataset: Record<string, string> = {};
    vi.stubGlobal("document", { documentElement: { dataset } });
    markAlive();
    expect("alive" in dataset).toBe(true);
  });
});
