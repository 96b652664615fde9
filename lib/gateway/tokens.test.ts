import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { controlHere } from "../control/here";
import { madeToken } from "../control/test-tokens";
import type { ControlAsk } from "../control/remote";
import { TestTokens } from "./test-tokens";
import { Tokens, tokensOfControl, type Token, type TokenSource } from "./tokens";

const ADDRESS = "10.1.2.3";
const DAY = 86_400_000;
let now = 1_000_000;
let source: TestTokens;
let tokens: Tokens;

async function opened(from: TokenSource | null, file: string | null = null): Promise<Tokens> {
  const one = new Tokens({ source: from, file, now: () => now });
  await one.open();
  return one;
}

beforeEach(async () => {
  now = 1_000_000;
  source = new TestTokens();
  tokens = await opened(source);
});
afterEach(async () => {
  await tokens.close();
  vi.restoreAllMocks();
});

const feedOf = (found: object): unknown => ("feed" in found ? found.feed : found);
/** As a request is judged: by what is known, and by another look where it is not. */
async function judged(one: Tokens, secret: string, address = ADDRESS): Promise<unknown> {
  const found = one.of(`Bearer ${secret}`, address);
  return feedOf(
    "because" in found && found.because === "unknown" ? await one.again(`Bearer ${secret}`, address) : found,
  );
}

describe("a publisher's token", () => {
  it("lets in by its secret alone, however the header is spelled", async () => {
    const secret = source.create("x", "a");
    expect(await judged(tokens, secret)).toBe("a");
    expect(feedOf(tokens.of(`bearer  ${secret}`, ADDRESS))).toBe("a");
    for (const wrong of [undefined, "", "Basic abc", secret, "Bearer", `Bearer ${secret} x`])
      expect(await tokens.again(wrong, ADDRESS)).toEqual({ because: "unknown" });
    expect(await judged(tokens, "cw_made-up")).toEqual({ because: "unknown" });
  });

  it("stops at the moment it ends, with nobody told of it", async () => {
    const secret = source.create("x", "a", { expires: now + 10 });
    expect(await judged(tokens, secret)).toBe("a");
    now += 10;
    expect(await judged(tokens, secret)).toMatchObject({ because: "expired" });
  });

  it("that is bound to networks lets in from there alone", async () => {
    const secret = source.create("x", "a", { addresses: ["10.0.0.0/8", "fd00::/8", "192.0.2.7"] });
    for (const address of ["10.255.0.1", "fd12::1", "192.0.2.7"])
      expect(await judged(tokens, secret, address)).toBe("a");
    for (const address of ["11.0.0.1", "192.0.2.8", "::1", "fe80::1", "", "nonsense"])
      expect(await judged(tokens, secret, address)).toMatchObject({ because: "address" });
  });

  it("costs no look, however often it is shown, and one that is not known no more than four a second", async () => {
    const secret = source.create("x", "a");
    await judged(tokens, secret);
    const looks = vi.spyOn(source, "list");
    for (let i = 0; i < 1_000; i++) expect(feedOf(tokens.of(`Bearer ${secret}`, ADDRESS))).toBe("a");
    expect(looks).not.toHaveBeenCalled();
    await Promise.all(Array.from({ length: 500 }, (_, i) => tokens.again(`Bearer cw_${i}`, ADDRESS)));
    expect(looks.mock.calls.length).toBeLessThanOrEqual(2);
  });

  it("that is made while others are being looked at is found by the look after that", async () => {
    let answer: (list: readonly Token[]) => void = () => {};
    const slow: TokenSource = {
      list: () => new Promise((resolve) => (answer = resolve)),
      onChange: () => {},
      used: () => Promise.resolve(),
    };
    const other = await opened(slow);
    await vi.waitFor(() => expect(answer).toHaveLength(1));
    const secret = source.create("x", "a");
    const asked = other.again(`Bearer ${secret}`, ADDRESS);
    const first = answer;
    first([]);
    await vi.waitFor(() => expect(answer).not.toBe(first));
    answer(source.tokens);
    expect(feedOf(await asked)).toBe("a");
    await other.close();
  });

  it("that is known stays in force while nobody can be asked, one that is not is told so, and all is as before after it", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const secret = source.create("x", "a", { expires: now + 100 });
    await judged(tokens, secret);
    const away = vi.spyOn(source, "list").mockRejectedValue(new Error("away"));
    const later = source.create("x", "b");
    await expect(tokens.again(`Bearer ${later}`, ADDRESS)).rejects.toThrow("away");
    expect([await judged(tokens, secret), tokens.fault]).toEqual(["a", expect.stringContaining("stay in force")]);
    now += 100;
    expect(await judged(tokens, secret)).toMatchObject({ because: "expired" });
    expect(log).toHaveBeenCalledTimes(1);
    away.mockRestore();
    await vi.waitFor(() => expect(tokens.fault).toBeNull(), { timeout: 5_000 });
    expect(feedOf(tokens.of(`Bearer ${later}`, ADDRESS))).toBe("b");
  });

  it("is kept for a start without control data, in a file that holds no secret and that others cannot read", async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), "citywall-tokens-"));
    const file = path.join(folder, "tokens.known.json");
    const secret = source.create("x", "a", { addresses: [`${ADDRESS}/32`], expires: now + 1_000 });
    const first = await opened(source, file);
    await judged(first, secret);
    await first.close();
    expect([(await stat(file)).mode & 0o777, await readFile(file, "utf8")]).toEqual([
      0o600,
      expect.not.stringContaining(secret),
    ]);
    vi.spyOn(console, "error").mockImplementation(() => {});
    vi.spyOn(source, "list").mockRejectedValue(new Error("away"));
    const second = await opened(source, file);
    expect(await judged(second, secret)).toBe("a");
    expect(second.of(`Bearer ${secret}`, "10.9.9.9")).toMatchObject({ because: "address" });
    now += 1_000;
    expect(second.of(`Bearer ${secret}`, ADDRESS)).toMatchObject({ because: "expired" });
    await second.close();
    await rm(folder, { recursive: true });
  });

  describe("that is remembered from a run before", () => {
    let folder: string;
    let file: string;
    let secret: string;
    beforeEach(async () => {
      folder = await mkdtemp(path.join(os.tmpdir(), "citywall-tokens-"));
      file = path.join(folder, "tokens.known.json");
      secret = source.create("x", "a");
      const first = await opened(source, file);
      await judged(first, secret);
      await first.close();
      vi.spyOn(console, "error").mockImplementation(() => {});
    });
    afterEach(() => rm(folder, { recursive: true }));
    const away = (): void => void vi.spyOn(source, "list").mockRejectedValue(new Error("away"));

    it("lets nobody in before the control data was asked, and not at all where it was withdrawn meanwhile", async () => {
      let answer: (list: readonly Token[]) => void = () => {};
      vi.spyOn(source, "list").mockImplementation(() => new Promise((resolve) => (answer = resolve)));
      const second = await opened(source, file);
      await vi.waitFor(() => expect(answer).toHaveLength(1));
      expect(second.of(`Bearer ${secret}`, ADDRESS)).toEqual({ because: "unknown" });
      const asked = second.again(`Bearer ${secret}`, ADDRESS);
      answer([]);
      expect(await asked).toEqual({ because: "unknown" });
      await second.close();
    });

    it("holds for three days after it was last confirmed, in this run and the next, and no longer", async () => {
      away();
      now += 3 * DAY - 1;
      const second = await opened(source, file);
      expect(await judged(second, secret)).toBe("a");
      expect(second.fault).toContain(`stay in force until ${new Date(now + 1).toISOString()}`);
      now += 1;
      expect(second.of(`Bearer ${secret}`, ADDRESS)).toEqual({ because: "unknown" });
      await expect(second.again(`Bearer ${secret}`, ADDRESS)).rejects.toThrow("away");
      expect(second.fault).toContain("none is in force");
      await second.close();
      const third = await opened(source, file);
      await expect(third.again(`Bearer ${secret}`, ADDRESS)).rejects.toThrow("away");
      await third.close();
    });

    it("is confirmed as time goes by, though nothing changes, and counted from then", async () => {
      const second = await opened(source, file);
      for (const later of [2 * DAY, 2 * DAY]) {
        now += later;
        second.confirm();
        await vi.waitFor(async () => expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ at: now }));
      }
      await second.close();
      away();
      now += 3 * DAY - 1;
      const third = await opened(source, file);
      expect(await judged(third, secret)).toBe("a");
      await third.close();
    });

    it("gains no time by a clock that is set back", async () => {
      away();
      now -= 10 * DAY;
      const second = await opened(source, file);
      expect(await judged(second, secret)).toBe("a");
      now += 3 * DAY;
      await expect(second.again(`Bearer ${secret}`, ADDRESS)).rejects.toThrow("away");
      await second.close();
    });
  });

  it("tells when it was last used, once for all uses since it was last asked", async () => {
    const secret = source.create("x", "a");
    await judged(tokens, secret);
    now += 5;
    tokens.of(`Bearer ${secret}`, ADDRESS);
    const used = vi.spyOn(source, "used");
    await tokens.keepUses();
    await tokens.keepUses();
    expect(used.mock.calls).toEqual([[[{ id: source.tokens[0]?.id, at: now }]]]);
  });
});

describe("tokens of the control data", () => {
  let data = "";
  let control: ControlAsk;
  beforeEach(async () => {
    data = await mkdtemp(path.join(os.tmpdir(), "citywall-tokens-"));
    control = await controlHere({ data });
    tokens = await opened(tokensOfControl(control));
  });
  afterEach(async () => {
    await control.close();
    await rm(data, { recursive: true, force: true });
  });

  it("that another process makes are known at once, and are refused soon after it took them back", async () => {
    const secret = await madeToken({ data }, { city: "x", feed: "a" });
    expect(await judged(tokens, secret)).toBe("a");
    const other = await controlHere({ data });
    await other.call("tokensRevoke", { by: { who: "command other", address: "" }, city: "x", feed: "a" });
    await other.close();
    await vi.waitFor(async () => expect(await judged(tokens, secret)).toEqual({ because: "unknown" }), {
      interval: 20,
    });
  });

  it("keep when they were last used", async () => {
    const secret = await madeToken({ data }, { city: "x", feed: "a" });
    await judged(tokens, secret);
    await tokens.keepUses();
    expect(await control.call("tokenList", {})).toMatchObject([{ used: now }]);
  });
});
