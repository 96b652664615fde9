import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../contract/api/limits";
import { takeItems, TOO_LONG, UNREADABLE } from "./batch";
import { HttpError } from "./http";

const NDJSON = "application/x-ndjson";
/** More than is read at once. */
const PADDING = " ".repeat(70_000);

/** The items of a body, or the words of its refusal. */
async function itemsIn(body: string, type?: string): Promise<unknown[] | string> {
  const items: unknown[] = [];
  try {
    await takeItems(Buffer.from(body), type, "readings", (item) => items.push(item));
  } catch (error) {
    expect(items).toEqual([]);
    if (error instanceof HttpError) return `${error.status} ${error.message}`;
    throw error;
  }
  return items;
}

/**
 * The most work (ms of this process's CPU) between two turns of the event loop while a task goes on: what anything else
 * waits for at the most where the machine has a core for it, and what does not depend on how busy the machine is.
 */
async function longestWork(task: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let before = process.cpuUsage();
  let goesOn = true;
  const look = (): void => {
    const { user, system } = process.cpuUsage(before);
    longest = Math.max(longest, (user + system) / 1_000);
    before = process.cpuUsage();
    if (goesOn) setImmediate(look);
  };
  setImmediate(look);
  await task();
  goesOn = false;
  return longest;
}

describe("a batch", () => {
  it("of more items than one may have is refused before any of them is read", async () => {
    const told = /^413 the batch has more than 50000 items: nothing of it is kept; send 50000 at once$/;
    const many = LIMITS.body / 2;
    expect(await itemsIn("1\n".repeat(many), NDJSON)).toMatch(told);
    expect(await itemsIn("\n".repeat(LIMITS.body), NDJSON)).toMatch(told);
    expect(await itemsIn(`{"readings":[${"1,".repeat(many - 20)}1]}`)).toMatch(told);
    expect(await itemsIn("1\n".repeat(LIMITS.batch.items), NDJSON)).toHaveLength(LIMITS.batch.items);
    expect(await itemsIn(`{"readings":[${"1,".repeat(LIMITS.batch.items - 1)}1]}`)).toHaveLength(LIMITS.batch.items);
  });

  it.each([
    ["numbers", "1", NDJSON],
    ["what is no JSON", `{"city": ${"x".repeat(120)}`, NDJSON],
    ["words that no number is", `{"value": NaN, ${'"a": [1], '.repeat(10)}"b": 1}`, NDJSON],
    ["items in JSON", `{"city": "lianyungang", "value": 1, "more": [${"1,".repeat(40)}1]}`, undefined],
    ["lists in lists", `${"[".repeat(70)}${"]".repeat(70)}`, undefined],
  ])("of %s, as long as one may be, keeps nobody waiting", async (_name, item, type) => {
    const count = Math.min(LIMITS.batch.items, Math.floor((LIMITS.body - 20) / (item.length + 1)));
    const list = Array.from({ length: count }, () => item);
    const body = type ? list.join("\n") : `{"readings":[${list.join(",")}]}`;
    let taken = 0;
    const work = await longestWork(() => takeItems(Buffer.from(body), type, "readings", () => taken++));
    expect(taken).toBe(count);
    // A stretch is 8 ms; the rest is for collecting garbage.
    expect(work).toBeLessThan(180);
  });

  it("gets its turn among others: the longest of several at once is as long as one", async () => {
    const body = Buffer.from(Array.from({ length: 20_000 }, () => "{no json at all").join("\n"));
    const all = () => Promise.all(Array.from({ length: 5 }, () => takeItems(body, NDJSON, "readings", () => {})));
    expect(await longestWork(all)).toBeLessThan(180);
  });

  it("has an item that is too long refused by itself", async () => {
    const long = `"${"x".repeat(LIMITS.batch.item)}"`;
    expect(await itemsIn(`1\n${long}\n2\n{\n`, NDJSON)).toEqual([1, TOO_LONG, 2, UNREADABLE]);
    expect(await itemsIn(`{"readings": [1, ${long}, 2]}`)).toEqual([1, TOO_LONG, 2]);
    // By its bytes: of Chinese it holds a third as many characters.
    const [most, more] = [-2, 1].map((bytes) => `"${"城".repeat((LIMITS.batch.item + bytes - 2) / 3)}"`);
    expect(Buffer.byteLength(more ?? "")).toBeGreaterThan(LIMITS.batch.item);
    expect(await itemsIn(`${most}\n${more}\n`, NDJSON)).toEqual([JSON.parse(most ?? ""), TOO_LONG]);
  });

  it("is read alike, whether it is short or long", async () => {
    const space = fc.stringMatching(/^[ \t\n\r]{0,2}$/);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue()), fc.jsonValue(), space, async (items, other, gap) => {
        const list = `[${items.map((item) => `${gap}${JSON.stringify(item)}${gap}`).join(",")}]`;
        const body = `${gap}{"other"${gap}:${JSON.stringify(other)},${gap}"readings":${gap}${list}${gap}}${gap}`;
        const short = await itemsIn(body);
        expect(await itemsIn(`${PADDING}${body}`)).toEqual(short);
        expect(short).toEqual(JSON.parse(JSON.stringify(items)));
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    "",
    "1",
    "[]",
    "{",
    "{}",
    '{"readings": 1}',
    '{"readings": [1}',
    '{"readings": [1,]}',
    '{"readings": [,1]}',
    '{"readings": [1]',
    '{"readings": [1]} x',
    '{"readings": [1] "a": 2}',
    '{"readings": [1 2]}',
    '{"readings": [{"a"}]}',
    "{readings: [1]}",
    '{"a": tru, "readings": [1]}',
    '{"readings": [1],}',
    '{"readings": ["a]}',
    '{"a": [1}, "readings": [1]}',
  ])("that is none is refused as a whole, whether it is short or long: %s", async (body) => {
    expect(await itemsIn(body)).toMatch(/^400 /);
    expect(await itemsIn(`${PADDING}${body}`)).toMatch(/^400 /);
  });

  it("counts the last list of its name, and reads NaN as a number too large", async () => {
    const body = '{"readings": [1], "readings": [NaN, {"NaN": "Infinity"}]}';
    for (const text of [body, `${PADDING}${body}`])
      expect(await itemsIn(text)).toEqual([Infinity, { NaN: "Infinity" }]);
  });

  it("says where it stops being JSON, and does not say it again itself", async () => {
    expect(await itemsIn('{"readings": [secret]}')).toMatch(/^400 the body is not JSON(, from character \d+ on)?$/);
    // In characters, of which some are several bytes.
    expect(await itemsIn(`${PADDING}{"城市": "连云港" 1, "readings": []}`)).toBe(
      `400 the body is not JSON, from character ${PADDING.length + 7} on`,
    );
  });
});
