import { describe, expect, it } from "vitest";
import type { Deed } from "../control/audit";
import { Refusals, type RefusedDeed } from "./refusals";

const DENIED: RefusedDeed = { who: "account ada", action: "refuse", object: "GET /api/v1/people", address: "10.0.0.7" };

function made() {
  const clock = { now: 0 };
  const written: Deed[] = [];
  const away = { now: false };
  const write = (deed: Deed): Promise<void> => {
    if (away.now) return Promise.reject(new Error("away"));
    written.push(deed);
    return Promise.resolve();
  };
  return { clock, written, away, refusals: new Refusals(write, () => clock.now) };
}

describe("refusals in the audit log", () => {
  it("that are alike are one line a minute with how many there were", async () => {
    const { clock, written, refusals } = made();
    for (let i = 0; i < 1_000; i++) refusals.add(DENIED);
    refusals.add({ ...DENIED, who: "account bob" });
    await refusals.flush();
    expect(written).toEqual([]);
    clock.now = 60_000;
    await refusals.flush();
    expect(written).toEqual([
      { ...DENIED, detail: { count: 1_000 } },
      { ...DENIED, who: "account bob", detail: { count: 1 } },
    ]);
    refusals.add(DENIED);
    await refusals.flush(true);
    expect(written).toHaveLength(3);
  });

  it("are few lines a day however many an attacker makes, and none is uncounted", async () => {
    const { clock, written, refusals } = made();
    let all = 0;
    for (let minute = 0; minute < 1_440; minute++) {
      for (let i = 0; i < 100; i++, all++)
        refusals.add({ ...DENIED, address: `10.${minute >> 8}.${minute & 255}.${i}` });
      clock.now += 60_000;
      await refusals.flush();
    }
    await refusals.flush(true);
    expect(written.length).toBeLessThan(6_000);
    expect(written.reduce((sum, { detail }) => sum + Number(detail?.count), 0)).toBe(all);
    expect(written.find(({ who }) => who === "others")).toMatchObject({ action: "refuse", address: "" });
  });

  it("that cannot be written are written later, with those that came meanwhile", async () => {
    const { clock, written, away, refusals } = made();
    refusals.add(DENIED);
    clock.now = 60_000;
    away.now = true;
    await expect(refusals.flush()).rejects.toThrow("away");
    refusals.add(DENIED);
    away.now = false;
    await refusals.flush();
    expect(written).toEqual([{ ...DENIED, detail: { count: 2 } }]);
  });
});
