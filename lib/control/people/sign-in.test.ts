import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { lines } from "../audit";
import { ENGINES, TestControl } from "../test-engines";
import { Queue } from "./queue";
import { SECOND_FACTORS, type SecondFactor } from "./second-factors";
import { countFailure, mayTry, SLOWING, takeBack, waitAfter, type Try } from "./sign-in-limits";
import { BROWSER, makeAccount, PASSWORD } from "./test-accounts";

const compared = vi.hoisted(() => ({ count: 0 }));
vi.mock("@node-rs/argon2", async (original) => {
  const argon2 = await original<typeof import("@node-rs/argon2")>();
  const verify: typeof argon2.verify = (...given) => {
    compared.count++;
    return argon2.verify(...given);
  };
  return { ...argon2, verify };
});

const HERE = "10.0.0.7";
const ELSEWHERE = "10.0.0.8";
const WRONG = "eleven wrong words in a row";

describe.each(ENGINES)("sign-in, %s", (engine) => {
  let control: TestControl;
  beforeEach(async () => {
    control = await TestControl.open(engine);
    compared.count = 0;
  });
  afterEach(() => control.drop());

  const signIn = (name: string, password: string, network = HERE, more: object = {}) =>
    control.call("signIn", { ...BROWSER, name, password, network, ...more });
  /** What came of it: `in`, `refused`, `second-factor`, or the seconds to wait. */
  const told = (...asked: Parameters<typeof signIn>): Promise<string | number> =>
    signIn(...asked).then(
      ({ kind }) => kind,
      (error: { code?: string; wait?: number }) => {
        if (error.code !== "locked") throw error;
        return error.wait ?? NaN;
      },
    );

  it("compares a password as long where there is no account, or it is disabled, as where there is one", async () => {
    const { id } = await makeAccount(control, "ada");
    await makeAccount(control, "chief");
    await control.db.updateTable("account").set({ disabled: 1 }).where("id", "=", id).execute();
    for (const [i, name] of ["chief", "nobody", "ada"].entries()) {
      expect(await told(name, WRONG)).toBe("refused");
      expect(compared.count).toBe(i + 1);
    }
  });

  it("is slowed down after some that failed, alike for accounts that there are and are not", async () => {
    await makeAccount(control, "ada");
    const waits = async (name: string): Promise<(string | number)[]> => {
      const answers = [];
      for (let i = 0; i < 10; i++) {
        const answer = await told(name, WRONG, `network of ${name}`);
        answers.push(answer);
        if (typeof answer === "number") control.clock += answer * 1_000;
      }
      return answers;
    };
    const [real, none] = [await waits("ada"), await waits("nobody")];
    expect(real).toEqual(["refused", "refused", "refused", "refused", "refused", 1, "refused", 2, "refused", 4]);
    expect(none).toEqual(real);
  });

  it("of ten thousand guesses looks at a few, writes down no more than those, and lets the owner in from elsewhere", async () => {
    await makeAccount(control, "ada");
    const answers: (string | number)[] = [];
    for (let i = 0; i < 10_000; i++) {
      answers.push(await told("ada", `guess number ${i}`));
      // Fifty a second.
      control.clock += 20;
    }
    const looked = answers.filter((answer) => answer === "refused").length;
    // 200 s: five at once, then after 1, 2, 4 ... 128 s.
    expect(looked).toBe(12);
    expect(compared.count).toBe(looked);
    expect(await lines(control.db, { action: "session.refuse" })).toHaveLength(looked);
    expect(await told("ada", PASSWORD)).toBeGreaterThan(0);
    expect(await told("ada", PASSWORD, ELSEWHERE)).toBe("in");
    control.clock += SLOWING.account.longest;
    expect(await told("ada", PASSWORD)).toBe("in");
    expect(await told("ada", WRONG)).toBe("refused");
  });

  it("counts tries that come at once as those that come one after the other: each before the next is looked at", async () => {
    await makeAccount(control, "ada");
    const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => told("ada", `guess number ${i}`)));
    expect(answers.filter((answer) => answer === "refused")).toHaveLength(SLOWING.account.free);
    expect(answers.filter((answer) => typeof answer === "number")).toHaveLength(30 - SLOWING.account.free);
    expect(compared.count).toBe(SLOWING.account.free);
    // The right one as well: who waits for his turn has not been let in yet.
    expect(await Promise.all([told("ada", PASSWORD), told("ada", PASSWORD, ELSEWHERE)])).toEqual([1, "in"]);
    expect(compared.count).toBe(SLOWING.account.free + 1);
  });

  it("is slowed down for a network that goes through many names, for a minute at the most, and for no other", async () => {
    await makeAccount(control, "ada");
    for (let i = 0; i < SLOWING.network.free; i++) expect(await told(`name ${i}`, WRONG)).toBe("refused");
    expect(await told("ada", PASSWORD)).toBe(1);
    expect(await told("ada", PASSWORD, ELSEWHERE)).toBe("in");
    let looked = 0;
    for (let i = 0; i < 900; i++) {
      if ((await told(`other ${i}`, WRONG)) === "refused") looked++;
      control.clock += 1_000;
    }
    // After 1, 2, 4 ... 32 s, and then one a minute.
    expect(looked).toBeLessThan(22);
    control.clock += SLOWING.network.longest;
    expect(await told("ada", PASSWORD)).toBe("in");
  });

  it("refuses a name that none could have as any other, on every engine", async () => {
    for (const name of ["\0", "a\0b", "\ud800", "", " ", "'; DROP TABLE account; --", "x".repeat(300)])
      expect(await told(name, WRONG, `network of ${name}`)).toBe("refused");
  });

  it("keeps nothing of what was typed where no account has it", async () => {
    await told("hunter2 in the wrong field", WRONG);
    const kept = JSON.stringify([
      await lines(control.db),
      await control.db.selectFrom("sign_in_failure").selectAll().execute(),
    ]);
    expect(kept).not.toMatch(/hunter2|eleven wrong/);
  });

  describe("with a second factor", () => {
    const factor: SecondFactor = {
      method: "totp",
      has: async (_control, { name }) => name === "ada",
      isRight: async (_control, _account, code) => code === "123456",
      drop: async () => {},
    };
    beforeEach(() => void (SECOND_FACTORS as SecondFactor[]).push(factor));
    afterEach(() => void (SECOND_FACTORS as SecondFactor[]).pop());

    it("asks for a code behind the right password alone", async () => {
      await makeAccount(control, "ada");
      await makeAccount(control, "bob");
      expect(await told("ada", WRONG, HERE, { code: "123456" })).toBe("refused");
      expect(await told("ada", PASSWORD)).toBe("second-factor");
      expect(await told("ada", PASSWORD, HERE, { code: "000000" })).toBe("second-factor");
      expect(await told("ada", PASSWORD, HERE, { code: "123456" })).toBe("in");
      expect(await told("bob", PASSWORD)).toBe("in");
    });

    it("lets nobody guess codes without an end by asking for the next one again", async () => {
      await makeAccount(control, "ada");
      let looked = 0;
      for (let i = 0; i < 200; i++) {
        await told("ada", PASSWORD);
        if ((await told("ada", PASSWORD, HERE, { code: String(i) })) === "second-factor") looked++;
      }
      expect(looked).toBe(SLOWING.account.free);
    });
  });

  it("looks at no more codes of an account at once than one after the other, from however many networks", async () => {
    const looked: string[] = [];
    const factor: SecondFactor = {
      method: "totp",
      has: async () => true,
      isRight: async (_control, _account, code) => looked.push(code) < 0,
      drop: async () => {},
    };
    (SECOND_FACTORS as SecondFactor[]).push(factor);
    try {
      await makeAccount(control, "ada");
      const networks = Array.from({ length: 40 }, (_, i) => `10.0.1.${i}`);
      const answers = await Promise.all(networks.map((network) => told("ada", PASSWORD, network, { code: network })));
      expect(looked).toHaveLength(10);
      expect(new Set(looked).size).toBe(10);
      expect(answers.filter((answer) => answer === "second-factor")).toHaveLength(10);
      expect(answers.filter((answer) => answer === 1)).toHaveLength(30);
    } finally {
      (SECOND_FACTORS as SecondFactor[]).pop();
    }
  });

  it("waits as a plain model of it does, whatever is tried from wherever", { timeout: 120_000 }, async () => {
    const attempt = fc.record({
      name: fc.constantFrom("ada", "bob"),
      network: fc.constantFrom(HERE, ELSEWHERE),
      ends: fc.constantFrom("fails", "signs in", "half way"),
      later: fc.oneof(fc.nat(3_000), fc.nat(20 * 60_000), fc.nat(2 * SLOWING.account.forgotten)),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(attempt, { maxLength: 60 }), async (attempts) => {
        await control.db.deleteFrom("sign_in_failure").execute();
        const model = new Map<string, { count: number; last: number }>();
        const of = (kind: "account" | "network", key: string): { count: number; last: number } => {
          const found = model.get(key);
          return found && found.last + SLOWING[kind].forgotten > control.clock ? found : { count: 0, last: 0 };
        };
        for (const { name, network, ends, later } of attempts) {
          control.clock += later;
          const who: Try = { name, network };
          const keys = { account: `${name} ${network}`, network };
          const found = { account: of("account", keys.account), network: of("network", keys.network) };
          const wait = Math.max(
            ...(["account", "network"] as const).map(
              (kind) => found[kind].last + waitAfter(kind, found[kind].count) - control.clock,
            ),
          );
          const looked = mayTry(control.db, who, control.clock);
          if (wait > 0) {
            await expect(looked).rejects.toMatchObject({ code: "locked", wait: Math.ceil(wait / 1_000) });
            continue;
          }
          await looked;
          expect(await countFailure(control.db, who, control.clock)).toBe(found.account.count + 1);
          const left = ends === "fails" ? 1 : 0;
          for (const kind of ["account", "network"] as const)
            model.set(keys[kind], { count: found[kind].count + left, last: control.clock });
          if (ends === "fails") continue;
          await takeBack(control.db, who, ends === "signs in");
          if (ends === "signs in") model.delete(keys.account);
        }
      }),
      { numRuns: engine === "embedded" ? 60 : 10 },
    );
  });
});

describe("the queue of those who sign in", () => {
  it("lets each line in its turn, one at a time, and turns away whoever makes his own too long", async () => {
    const queue = new Queue({ inAll: 5, inLine: 3 });
    const order: string[] = [];
    let inside = 0;
    const gates: (() => void)[] = [];
    const come = (line: string, name: string): Promise<void> =>
      queue.take(line, async () => {
        expect(++inside).toBe(1);
        await new Promise<void>((resolve) => void gates.push(resolve));
        order.push(name);
        inside--;
      });
    const all = [come("a", "a1"), come("a", "a2"), come("a", "a3"), come("a", "a4")];
    await expect(come("a", "a5")).rejects.toMatchObject({ code: "locked", wait: 5 });
    all.push(come("b", "b1"), come("c", "c1"));
    await expect(come("d", "d1")).rejects.toMatchObject({ code: "locked" });
    while (order.length < all.length) {
      gates.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(all);
    expect(order).toEqual(["a1", "a2", "b1", "c1", "a3", "a4"]);
    await queue.take("a", async () => order.push("again"));
    expect(order.at(-1)).toBe("again");
  });

  it("goes on after one that failed", async () => {
    const queue = new Queue({ inAll: 5, inLine: 3 });
    await expect(queue.take("a", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await queue.take("a", async () => 7)).toBe(7);
  });
});
