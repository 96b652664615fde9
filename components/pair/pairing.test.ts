import { describe, expect, it } from "vitest";
import { Pairing, type Shown } from "./pairing";
import { leftWords } from "./words";

const MADE = { code: "BCDF-GHJK", secret: "s", expires: 1_600_000, now: 1_000_000, every: 2_000 };
const HALL = { state: "paired", id: "1", title: "Hall", city: "lianyungang", screen: "overview" };
const json = (status: number, body: unknown): Response => Response.json(body, { status });

/** A gateway that answers what is asked by `answers`, in their order by address; the last answer of an address again and again. */
async function run(answers: Record<string, (Response | null)[]>, { again = false, rounds = 1_000 } = {}) {
  const shown: Shown[] = [];
  const asked: string[] = [];
  let at = 0;
  let left = rounds;
  const pairing = new Pairing({
    show: (one) => shown.push(one),
    again,
    clock: () => at,
    wait: (ms) => {
      at += ms;
      if (--left <= 0) pairing.stop();
      return Promise.resolve();
    },
    ask: (input) => {
      const address = input as string;
      asked.push(address);
      const all = answers[address] ?? [];
      const answer = all.length > 1 ? all.shift() : all[0];
      return answer ? Promise.resolve(answer.clone()) : Promise.reject(new Error("away"));
    },
  });
  await pairing.run();
  return { shown, asked, at };
}

const NONE = { "/api/v1/display": [json(200, { state: "none" })], "/api/v1/pairings": [json(201, MADE)] };
const waiting = json(202, { state: "waiting" });

describe("a display that waits to be named", () => {
  it("shows its code until somebody enters it, and then where its wall is", async () => {
    const { shown, at } = await run({ ...NONE, "/api/v1/pairings/finish": [waiting, waiting, json(200, HALL)] });
    expect(shown).toEqual([
      { at: "code", code: "BCDF-GHJK", until: 600_000 },
      { at: "found", wall: "/wall/lianyungang/overview" },
    ]);
    expect(at).toBe(6_000);
  });

  it("shows a new code once its time is up, by its own clock, and once the gateway knows it no longer", async () => {
    const { shown } = await run({ ...NONE, "/api/v1/pairings/finish": [waiting] }, { rounds: 301 });
    expect(shown).toEqual([
      { at: "code", code: "BCDF-GHJK", until: 600_000 },
      { at: "code", code: "BCDF-GHJK", until: 1_200_000 },
    ]);
    const lost = await run({ ...NONE, "/api/v1/pairings/finish": [json(404, {}), waiting] }, { rounds: 2 });
    expect(lost.shown).toHaveLength(2);
  });

  it("keeps its code while the gateway is away or begins anew", async () => {
    const finish = [null, json(503, {}), json(429, {}), json(200, HALL)];
    const { shown } = await run({ ...NONE, "/api/v1/pairings/finish": finish });
    expect(shown.map(({ at }) => at)).toEqual(["code", "found"]);
  });

  it("hears that it was entered at the last moment", async () => {
    const finish = [...Array.from({ length: 299 }, () => waiting.clone()), json(200, HALL)];
    const { shown, at } = await run({ ...NONE, "/api/v1/pairings/finish": finish });
    expect([at, shown.at(-1)]).toEqual([600_000, { at: "found", wall: "/wall/lianyungang/overview" }]);
  });

  it("tries again by itself where the gateway cannot be reached, and where too many wait", async () => {
    const { shown } = await run({
      "/api/v1/display": [null, json(503, {}), json(200, { state: "none" })],
      "/api/v1/pairings": [json(429, {}), json(201, MADE)],
      "/api/v1/pairings/finish": [json(200, HALL)],
    });
    expect(shown.map(({ at }) => at)).toEqual(["away", "away", "many", "code", "found"]);
  });
});

describe("a display that is known", () => {
  it("goes to its wall and asks for no code", async () => {
    const { shown, asked } = await run({ "/api/v1/display": [json(200, HALL)] });
    expect([shown, asked]).toEqual([[{ at: "found", wall: "/wall/lianyungang/overview" }], ["/api/v1/display"]]);
  });

  it("says that it was withdrawn, and asks for a code only where somebody wants it", async () => {
    const withdrawn = { "/api/v1/display": [json(200, { state: "withdrawn", title: "Hall" })] };
    const { shown, asked } = await run(withdrawn);
    expect([shown, asked]).toEqual([[{ at: "withdrawn", title: "Hall" }], ["/api/v1/display"]]);
    const wanted = await run({ ...NONE, ...withdrawn, "/api/v1/pairings/finish": [json(200, HALL)] }, { again: true });
    expect(wanted.shown.map(({ at }) => at)).toEqual(["code", "found"]);
  });
});

describe("what is left of a code", () => {
  it("is told as a clock shows it, and never less than nothing", () => {
    expect([600_000, 599_001, 59_000, 1, 0, -5].map(leftWords)).toEqual([
      "10:00",
      "10:00",
      "0:59",
      "0:01",
      "0:00",
      "0:00",
    ]);
  });
});
