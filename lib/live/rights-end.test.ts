import { describe, expect, it, vi } from "vitest";
import type { Me } from "../contract/api/accounts";
import { leaveWithRights, type Heard } from "./rights-end";

type Who = Pick<Me, "kind" | "may" | "closed" | "enrolling">;
const nobody: Who = { kind: "anonymous", may: [], closed: true, enrolling: false };

function page(answer: () => Promise<Who>) {
  const listeners = new Map<string, (message?: unknown) => void>();
  const socket = { on: (event: string, listener: (message?: unknown) => void) => listeners.set(event, listener) };
  const reload = vi.fn();
  const ask = vi.fn(answer);
  leaveWithRights(socket as unknown as Heard, { ask, reload });
  return {
    reload,
    ask,
    hear: (event: string, message?: unknown) => listeners.get(event)?.(message),
    settled: () => new Promise((resolve) => setImmediate(resolve)),
  };
}

describe("a page whose visitor may not look at it any more", () => {
  it("is asked for anew, once, when the gateway cuts it because rights changed, and for no other reason", () => {
    const { hear, reload } = page(() => Promise.resolve(nobody));
    hear("issue", { code: "too-slow", detail: "" });
    expect(reload).not.toHaveBeenCalled();
    hear("issue", { code: "rights-changed", detail: "" });
    hear("issue", { code: "rights-changed", detail: "" });
    expect(reload).toHaveBeenCalledTimes(1);
  });

  it("is left where its connection is not let in because the sign-in ended meanwhile", async () => {
    const { hear, reload, settled, ask } = page(() => Promise.resolve(nobody));
    hear("connect_error");
    hear("connect_error");
    await settled();
    expect([ask.mock.calls.length, reload.mock.calls.length]).toEqual([1, 1]);
  });

  it("is left where a second factor was demanded meanwhile, to where that is set up", async () => {
    const { hear, reload, settled } = page(() =>
      Promise.resolve({ kind: "account", may: [], closed: true, enrolling: true }),
    );
    hear("connect_error");
    await settled();
    expect(reload).toHaveBeenCalledTimes(1);
  });

  it("stays while the gateway is away, or is busy, or has it open to everybody", async () => {
    const answers: (() => Promise<Who>)[] = [
      () => Promise.reject(new Error("away")),
      () => Promise.resolve({ kind: "account", may: ["look"], closed: true, enrolling: false }),
      () => Promise.resolve({ kind: "anonymous", may: ["look"], closed: true, enrolling: false }),
      () => Promise.resolve({ kind: "local", may: ["look"], closed: false, enrolling: false }),
    ];
    for (const answer of answers) {
      const { hear, reload, settled, ask } = page(answer);
      hear("connect_error");
      await settled();
      // And it asks again with the next attempt.
      hear("connect_error");
      await settled();
      expect([ask.mock.calls.length, reload.mock.calls.length]).toEqual([2, 0]);
    }
  });

  it("stays where it is a display's, whatever becomes of that", async () => {
    const { hear, reload, settled, ask } = page(() => Promise.resolve(nobody));
    hear("display", { state: "paired" });
    hear("issue", { code: "rights-changed", detail: "" });
    hear("connect_error");
    await settled();
    expect([ask.mock.calls.length, reload.mock.calls.length]).toEqual([0, 0]);
  });
});
