import type { ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FolderLook } from "../../files/folder-look";
import { acknowledgeAll, giveNotice, noticesFolder, type Notice } from "../../files/notices";
import type { SpaceLimits } from "../../files/space";
import { parseHistoryConfig } from "../config";
import { setAside } from "../writer/aside";
import { History } from "./history";

const reads = vi.hoisted(() => ({ folders: [] as string[] }));
vi.mock("node:fs", async (original) => {
  const real = await original<typeof import("node:fs")>();
  const readdirSync = ((...args: Parameters<typeof real.readdirSync>) => {
    reads.folders.push(path.basename(String(args[0])));
    return real.readdirSync(...args);
  }) as typeof real.readdirSync;
  return { ...real, default: { ...real, readdirSync }, readdirSync };
});

const NOTICE: Notice = { what: "store", id: "1", at: 1, file: "f", fault: "x", kept: null, lost: 2, exact: true };
const SECOND = 1_000;
let data = "";
let history: History | null = null;
beforeEach(async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  data = await mkdtemp(path.join(os.tmpdir(), "citywall-history-"));
});
afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  await history?.close();
  history = null;
  await rm(data, { recursive: true, force: true });
});

/** @param now the wall's clock @param space what is looked at of the disk's room */
function opened(now: () => number, space?: SpaceLimits): History {
  const nowhere = { segment: 0, offset: 0 };
  const recent = { checkpoint: nowhere, needed: nowhere, recorded: 0 };
  const launch = (): ChildProcess => {
    const child = Object.assign(new EventEmitter(), { pid: 1, connected: true, kill: () => true, send: () => true });
    const disconnect = (): boolean => child.emit("exit", 0, null);
    return Object.assign(child, { disconnect }) as unknown as ChildProcess;
  };
  history = new History({ data, config: parseHistoryConfig({}), launch, now, recent, crowded: () => {}, space });
  return history;
}

describe("how the store stands", () => {
  it("reads what has to be told of only when it has changed, and once in a while", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
    const own = opened(() => 0);
    vi.advanceTimersByTime(SECOND);
    reads.folders.length = 0;
    vi.advanceTimersByTime(20 * SECOND);
    const count = (name: string): number => reads.folders.filter((one) => one === name).length;
    expect([count("notices"), count("aside")]).toEqual([0, 0]);
    giveNotice(data, NOTICE);
    const columns = {
      topics: ["a"],
      topic: [0],
      observed: [1],
      recorded: [1],
      value: [1],
      quality: [0],
      sequence: [0],
    };
    const batch = { readings: columns, events: [], positions: [], screens: [] } as never;
    setAside(data, "live", { segment: 1, offset: 0 }, [{ reason: "unlucky", batch }]);
    await vi.waitFor(() => {
      vi.advanceTimersByTime(SECOND);
      expect([own.state.notices.length, own.state.aside, own.lost]).toEqual([1, 1, 2]);
    });
    acknowledgeAll(data);
    await vi.waitFor(() => {
      vi.advanceTimersByTime(SECOND);
      expect([own.state.notices, own.lost]).toEqual([[], 2]);
    });
    reads.folders.length = 0;
    // Also where no notification came.
    vi.advanceTimersByTime(61 * SECOND);
    expect(count("aside")).toBe(2);
  });

  it("is not starting any longer than it may, wherever the clock is set meanwhile", () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
    let clock = 10 * 3_600_000;
    const own = opened(() => clock);
    vi.advanceTimersByTime(SECOND);
    clock -= 3_600_000;
    vi.advanceTimersByTime(SECOND);
    expect(own.state.state).toBe("starting");
    clock += 2 * 3_600_000;
    vi.advanceTimersByTime(SECOND);
    expect(own.state.state).toBe("starting");
    clock -= 3_600_000;
    vi.advanceTimersByTime(30 * SECOND);
    expect(own.state.state).toBe("down");
  });
});

describe("stores that were broken and are kept", () => {
  const kept = (): string[] => readdirSync(data).filter((name) => name.includes(".broken-"));
  const breaks = (mark: string): void => {
    const file = path.join(data, `history.duckdb.broken-${mark}`);
    writeFileSync(file, "");
    giveNotice(data, { ...NOTICE, id: mark, kept: file });
  };

  it("are bounded at each start, and go with the room on the disk once they have been seen", async () => {
    for (const mark of ["1", "2", "3"]) breaks(mark);
    await opened(() => 0, { warn: 0, refuse: 0, reserve: 0 }).close();
    expect(kept()).toEqual(["history.duckdb.broken-2", "history.duckdb.broken-3"]);
    acknowledgeAll(data);
    breaks("4");
    // However much is free, it is too little.
    opened(() => 0, { warn: Number.MAX_VALUE, refuse: 0, reserve: 0 });
    expect(kept()).toEqual(["history.duckdb.broken-4"]);
  });
});

describe("a folder that is looked at", () => {
  it("is followed again after it was removed", async () => {
    const folder = noticesFolder(data);
    vi.useFakeTimers({ toFake: ["performance"] });
    let count = 0;
    const look = new FolderLook(folder, () => ++count);
    expect([look.value, look.value]).toEqual([1, 1]);
    rmSync(folder, { recursive: true });
    await vi.waitFor(() => expect(look.value).toBeGreaterThan(1));
    mkdirSync(folder, { recursive: true });
    vi.advanceTimersByTime(30 * SECOND);
    const before = look.value;
    giveNotice(data, NOTICE);
    await vi.waitFor(() => expect(look.value).toBeGreaterThan(before));
    look.close();
  });
});
