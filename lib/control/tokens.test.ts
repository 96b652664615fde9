import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lines, verify } from "./audit";
import { revisionOf } from "./context";
import type { TokenWish } from "./methods/tokens";
import { BY, ENGINES, TestControl } from "./test-engines";
import { madeToken } from "./test-tokens";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
type PublishWish = Extract<TokenWish, { kind: "publish" }>;
const WISH: PublishWish = {
  kind: "publish",
  city: "x",
  feed: "a",
  backfill: false,
  expires: null,
  addresses: null,
  note: "",
};

describe.each(ENGINES)("publishers' tokens, %s", (engine) => {
  let control: TestControl;
  beforeEach(async () => {
    control = await TestControl.open(engine);
  });
  afterEach(() => control.drop());

  const create = (wish: Partial<PublishWish> = {}) => control.call("tokenCreate", { ...WISH, ...wish, by: BY });
  const inForce = async (): Promise<string[]> =>
    (await control.call("tokensKnown", {}))
      .filter(({ expires }) => expires === null || expires > control.clock)
      .map(({ id }) => id);
  const list = () => control.call("tokenList", {});

  it("are kept as a hash alone, with what they may do, who made them and until when they hold", async () => {
    const wish = { backfill: true, expires: control.clock + DAY, addresses: ["10.0.0.0/8"], note: "counting office" };
    const { token, secret } = await create(wish);
    expect(secret).toMatch(/^cw_[\w-]{43}$/);
    const facts = { ...WISH, ...wish, created: control.clock, madeBy: BY.who, used: null, replacedBy: null };
    expect(token).toEqual({ ...facts, id: token.id });
    expect(await list()).toEqual([token]);
    const hash = createHash("sha256").update(secret).digest("hex");
    const { kind, city, feed, backfill, expires, addresses, note } = token;
    expect(await control.call("tokensKnown", {})).toEqual([
      { id: hash.slice(0, 8), hash, kind, city, feed, backfill, expires, addresses, note },
    ]);
    expect(JSON.stringify([await list(), await lines(control.db)])).not.toContain(secret.slice(3));
  });

  it("of monitors are of no city and no feed, are rotated and taken back alike, and no feed's withdrawal takes one", async () => {
    const scope = { kind: "monitor", city: null, feed: null, backfill: false } as const;
    const bounds = { expires: control.clock + DAY, addresses: ["10.0.0.7"], note: "prometheus" };
    const { token } = await control.call("tokenCreate", { ...scope, ...bounds, by: BY });
    expect(token).toMatchObject({ ...scope, ...bounds });
    expect(await control.call("tokensKnown", {})).toMatchObject([{ ...scope, id: token.id, addresses: ["10.0.0.7"] }]);
    await create();
    expect((await list()).map(({ kind }) => kind)).toEqual(["publish", "monitor"]);
    const { token: next } = await control.call("tokenRotate", { by: BY, id: token.id, grace: 0 });
    expect(next).toMatchObject({ ...scope, ...bounds });
    await control.call("tokensRevoke", { by: BY, city: "x", feed: "a" });
    expect(await inForce()).toEqual([next.id]);
    await control.call("tokenRevoke", { by: BY, id: next.id });
    expect(await inForce()).toEqual([]);
    const said = (await lines(control.db)).map(({ action, object }) => `${action} ${object}`);
    expect([said[0], said.at(-1)]).toEqual([
      `token.revoke token ${next.id} monitor`,
      `token.create token ${token.id} monitor`,
    ]);
  });

  it("hold until they end, and are told of for 90 days after it", async () => {
    const { token } = await create({ expires: control.clock + HOUR });
    control.clock += HOUR - 1;
    expect(await inForce()).toEqual([token.id]);
    control.clock += 1;
    expect([await inForce(), (await list()).length]).toEqual([[], 1]);
    control.clock += 90 * DAY;
    await create();
    expect(await list()).toHaveLength(2);
    control.clock += 1;
    await create();
    expect((await list()).map(({ id }) => id)).not.toContain(token.id);
  });

  it("that would have ended already are refused by the field", async () => {
    await expect(create({ expires: control.clock })).rejects.toMatchObject({ code: "invalid", field: "expires" });
    expect([await list(), await lines(control.db)]).toEqual([[], []]);
  });

  it("are rotated: both hold for the grace time, then the new one alone, for as long as the old was made for", async () => {
    const { token: old } = await create({ expires: control.clock + 10 * DAY, addresses: ["::1"], note: "n" });
    control.clock += DAY;
    const { token, secret, until } = await control.call("tokenRotate", { by: BY, id: old.id, grace: HOUR });
    expect(secret).toMatch(/^cw_/);
    expect(until).toBe(control.clock + HOUR);
    expect(token).toMatchObject({ expires: control.clock + 10 * DAY, addresses: ["::1"], note: "n", used: null });
    expect((await inForce()).sort()).toEqual([old.id, token.id].sort());
    expect((await list()).find(({ id }) => id === old.id)).toMatchObject({ replacedBy: token.id, expires: until });
    control.clock += HOUR;
    expect(await inForce()).toEqual([token.id]);
    const rotated = { action: "token.rotate", object: `token ${old.id} x/a` };
    expect((await lines(control.db))[0]).toMatchObject(rotated);
  });

  it("never give more than two of one line, and none is rotated twice or after its end", async () => {
    const { token: first } = await create({ expires: control.clock + 90 * DAY });
    const rotate = (id: string) => control.call("tokenRotate", { by: BY, id, grace: DAY });
    const { token: second } = await rotate(first.id);
    await expect(rotate(first.id)).rejects.toMatchObject({ code: "refused", field: "id" });
    const { token: third } = await rotate(second.id);
    expect((await inForce()).sort()).toEqual([second.id, third.id].sort());
    control.clock += 91 * DAY;
    await expect(rotate(third.id)).rejects.toMatchObject({ code: "refused" });
    await expect(rotate("00000000")).rejects.toMatchObject({ code: "unknown", field: "id" });
  });

  it("stay two at most whatever is done in whatever order (model)", { timeout: 60_000 }, async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("rotate" as const), of: fc.nat(5), grace: fc.integer({ min: 0, max: 5_000 }) }),
      fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 4_000 }) }),
      fc.record({ kind: fc.constant("revoke" as const), of: fc.nat(5) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        await control.db.deleteFrom("token").execute();
        const ids = [(await create()).token.id];
        for (const one of steps) {
          if (one.kind === "wait") control.clock += one.ms;
          else {
            const id = ids[one.of % ids.length] as string;
            const call =
              one.kind === "rotate"
                ? control.call("tokenRotate", { by: BY, id, grace: one.grace }).then(({ token }) => ids.push(token.id))
                : control.call("tokenRevoke", { by: BY, id });
            await call.catch((error: { code?: string }) => expect(["refused", "unknown"]).toContain(error.code));
          }
          expect((await inForce()).length).toBeLessThanOrEqual(2);
        }
      }),
      { numRuns: engine === "embedded" ? 40 : 8 },
    );
  });

  it("are taken back one by one or all of a feed, which others hear of, and which is audited", async () => {
    const [a, b, c] = [await create(), await create(), await create({ feed: "b" })];
    const before = await revisionOf(control.db);
    await control.call("tokenRevoke", { by: BY, id: a.token.id });
    expect(await revisionOf(control.db)).toBeGreaterThan(before);
    expect((await inForce()).sort()).toEqual([b.token.id, c.token.id].sort());
    await expect(control.call("tokenRevoke", { by: BY, id: a.token.id })).rejects.toMatchObject({ code: "unknown" });
    expect(await control.call("tokensRevoke", { by: BY, city: "x", feed: "a" })).toBe(1);
    expect(await inForce()).toEqual([c.token.id]);
    expect((await lines(control.db)).map(({ action, object }) => `${action} ${object}`)).toEqual([
      "token.revoke tokens x/a",
      `token.revoke token ${a.token.id} x/a`,
      `token.create token ${c.token.id} x/b`,
      `token.create token ${b.token.id} x/a`,
      `token.create token ${a.token.id} x/a`,
    ]);
  });

  it("are all kept when many are made at once by others", async () => {
    const feeds = Array.from({ length: 8 }, (_, i) => `feed-${i}`);
    await Promise.all(feeds.map((feed) => madeToken(control.place, { city: "x", feed })));
    expect((await list()).map(({ feed }) => feed)).toEqual(feeds);
    expect(await verify(control.db)).toMatchObject({ ok: true, lines: 8 });
  });

  it("remember when they were last used, and nobody looks again for it", async () => {
    const { token } = await create();
    const before = await revisionOf(control.db);
    await control.call("tokensUsed", { uses: [{ id: token.id, at: 5_000 }] });
    await control.call("tokensUsed", {
      uses: [
        { id: token.id, at: 4_000 },
        { id: "gone", at: 9_000 },
      ],
    });
    expect([(await list())[0]?.used, await revisionOf(control.db)]).toEqual([5_000, before]);
  });

  describe("of an earlier version's tokens.json", () => {
    const hash = (letter: string): string => letter.repeat(64);
    const old = (letter: string, more: object = {}): object => ({
      id: letter.repeat(8),
      hash: hash(letter),
      city: "x",
      feed: "*",
      created: "2026-11-24T00:00:00Z",
      ...more,
    });
    const file = (): string => path.join(control.place.data, "tokens.json");
    const takeOver = (): Promise<number> => control.call("tokensTakeOver", { folder: control.place.data });

    it("are taken over once, but for those of mock feeds, and the file is kept beside", async () => {
      const tokens = [old("a", { backfill: true }), old("b", { note: "mock" }), old("c", { note: "by hand" })];
      const text = JSON.stringify({ tokens });
      await writeFile(file(), text);
      await writeFile(path.join(control.place.data, "tokens.good.json"), text);
      expect([await takeOver(), await takeOver()]).toEqual([2, 0]);
      expect(await list()).toMatchObject([
        { id: "aaaaaaaa", backfill: true, created: Date.parse("2026-11-24T00:00:00Z"), expires: null, madeBy: "start" },
        { id: "cccccccc", backfill: false, note: "by hand" },
      ]);
      expect(await readFile(`${file()}.taken`, "utf8")).toBe(text);
      expect((await readdir(control.place.data)).filter((name) => /^tokens\.(json|good)/.test(name))).toEqual([
        "tokens.json.taken",
      ]);
      // One that comes again brings only what is not there.
      await writeFile(file(), JSON.stringify({ tokens: [old("a"), old("d")] }));
      expect(await takeOver()).toBe(1);
    });

    it.each(["", "{", '{"tokens":[{"id":1}]}', JSON.stringify({ tokens: [{ ...old("a"), created: "soon" }] })])(
      "stay in their file where it cannot be read: %s",
      async (text) => {
        await create();
        await writeFile(file(), text);
        await expect(takeOver()).rejects.toThrow();
        expect([await readFile(file(), "utf8"), (await list()).length]).toEqual([text, 1]);
      },
    );
  });
});
