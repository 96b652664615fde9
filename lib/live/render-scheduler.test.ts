import { describe, expect, it } from "vitest";
import { CHART_BUDGET, RenderScheduler, type RenderTask } from "./render-scheduler";

/** A page whose clock, frames and timers the test owns. */
function page() {
  let now = 0;
  let frames: (() => void)[] = [];
  let timers: { at: number; task: () => void }[] = [];
  const scheduler = new RenderScheduler(
    () => now,
    (task) => {
      frames.push(task);
      return () => (frames = frames.filter((f) => f !== task));
    },
    (ms, task) => {
      const timer = { at: now + ms, task };
      timers.push(timer);
      return () => (timers = timers.filter((t) => t !== timer));
    },
  );
  const log: string[] = [];
  const task = (
    name: string,
    rank: RenderTask["rank"],
    cost: number,
    every = 0,
    visible = (): boolean => true,
  ): RenderTask => ({
    rank,
    every,
    visible,
    paint: () => {
      log.push(name);
      now += cost;
    },
  });
  return {
    scheduler,
    log,
    task,
    frame() {
      const due = frames;
      frames = [];
      for (const task of due) task();
      return due.length;
    },
    pass(ms: number) {
      now += ms;
      const due = timers.filter((timer) => timer.at <= now);
      timers = timers.filter((timer) => timer.at > now);
      for (const timer of due) timer.task();
    },
    idle: () => frames.length === 0 && timers.length === 0,
  };
}

describe("RenderScheduler", () => {
  it("draws figures before charts, all of them in the same frame", () => {
    const p = page();
    p.scheduler.add(p.task("chart", "chart", 1));
    p.scheduler.add(p.task("one", "figure", 1));
    p.scheduler.add(p.task("two", "figure", 1));
    p.frame();
    expect(p.log).toEqual(["one", "two", "chart"]);
  });

  it("stops charts when the budget is spent and goes on in the next frame with those that waited longest", () => {
    const p = page();
    const handles = ["a", "b", "c"].map((name) => p.scheduler.add(p.task(name, "chart", CHART_BUDGET - 1)));
    p.frame();
    expect(p.log).toEqual(["a", "b"]);
    for (const handle of handles) handle.mark();
    p.frame();
    expect(p.log.slice(2)).toEqual(["c", "a"]);
    expect(p.scheduler.stats.deferred).toBe(2);
  });

  it("does not let a picture that is wrong by itself wait for its pace", () => {
    const p = page();
    const slow = p.scheduler.add(p.task("slow", "chart", 1, 15_000));
    p.scheduler.add(p.task("figure", "figure", 1, 15_000));
    p.frame();
    p.pass(200);
    slow.mark();
    expect(p.frame()).toBe(0);
    slow.renew();
    p.frame();
    expect(p.log).toEqual(["figure", "slow", "slow"]);
    p.pass(200);
    p.scheduler.renewAll();
    p.frame();
    expect(p.log.slice(3)).toEqual(["figure", "slow"]);
    expect(p.idle()).toBe(true);
  });

  it("draws at least one chart a frame, however heavy", () => {
    const p = page();
    p.scheduler.add(p.task("heavy", "chart", 80));
    p.scheduler.add(p.task("heavy too", "chart", 80));
    p.frame();
    p.frame();
    expect(p.log).toEqual(["heavy", "heavy too"]);
  });

  it("turns a thousand marks into one painting", () => {
    const p = page();
    const handle = p.scheduler.add(p.task("a", "figure", 0));
    p.frame();
    for (let i = 0; i < 1_000; i++) handle.mark();
    p.frame();
    expect(p.log).toEqual(["a", "a"]);
  });

  it("waits until a task may paint again and sleeps meanwhile", () => {
    const p = page();
    const handle = p.scheduler.add(p.task("a", "chart", 0, 1_000));
    p.frame();
    handle.mark();
    expect(p.frame()).toBe(0);
    p.pass(999);
    p.frame();
    expect(p.log).toEqual(["a"]);
    p.pass(2);
    p.frame();
    expect(p.log).toEqual(["a", "a"]);
    expect(p.idle()).toBe(true);
  });

  it("lets charts that are due at about the same time share a frame", () => {
    const p = page();
    p.pass(10);
    const a = p.scheduler.add(p.task("a", "chart", 0, 1_000));
    p.frame();
    p.pass(60);
    const b = p.scheduler.add(p.task("b", "chart", 0, 1_000));
    p.frame();
    a.mark();
    b.mark();
    p.pass(1_000);
    p.frame();
    p.pass(56);
    p.frame();
    expect(p.log).toEqual(["a", "b", "a", "b"]);
    expect(p.scheduler.stats.frames).toBe(3);
  });

  it("does not draw what is off the screen, and draws it when it is back", () => {
    const p = page();
    let seen = false;
    const handle = p.scheduler.add(p.task("a", "chart", 0, 0, () => seen));
    p.frame();
    expect(p.log).toEqual([]);
    seen = true;
    handle.mark();
    p.frame();
    expect(p.log).toEqual(["a"]);
  });

  it("draws the first data at once although a task is slow: an empty painting does not count", () => {
    const p = page();
    let data = false;
    const handle = p.scheduler.add({
      rank: "chart",
      every: 15_000,
      visible: () => true,
      paint: () => {
        p.log.push(data ? "data" : "nothing");
        return data;
      },
    });
    p.frame();
    data = true;
    handle.mark();
    p.frame();
    expect(p.log).toEqual(["nothing", "data"]);
  });

  it("goes on when one task throws", () => {
    const p = page();
    const quiet = console.error;
    console.error = () => {};
    p.scheduler.add({
      rank: "figure",
      every: 0,
      visible: () => true,
      paint: () => {
        throw new Error("broken tile");
      },
    });
    p.scheduler.add(p.task("whole", "figure", 0));
    p.frame();
    console.error = quiet;
    expect(p.log).toEqual(["whole"]);
  });
});
