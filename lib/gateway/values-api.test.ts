import { describe, expect, it } from "vitest";
import { valuesRequest } from "../contract/api/history";
import { LIMITS } from "../contract/api/limits";
import { checked } from "./checks";
import { HttpError } from "./http";
import { sharing, valuesQueries } from "./values-api";

const NOW = 1_000_000;
const limitOf = (topic: string, field: string): number => {
  if (topic.includes("unknown")) throw new HttpError(404, "unknown-topic", `${field}: "${topic}" is not known`);
  return topic === "slow" ? 7_200 : 30;
};
const read = (body: object) => valuesQueries(checked(valuesRequest, body), NOW, limitOf);
const issue = (body: object): string => {
  try {
    read(body);
  } catch (error) {
    return `${(error as HttpError).status} ${(error as HttpError).message}`;
  }
  return "";
};

describe("a question for values", () => {
  it("asks all topics for the same moments, each within its own limit", () => {
    expect(read({ topics: ["m", "slow"], at: [5, 9.6] })).toEqual([
      { topic: "m", at: [5, 10], tolerance: 30_000, asOf: null },
      { topic: "slow", at: [5, 10], tolerance: 7_200_000, asOf: null },
    ]);
  });

  it("lets a topic have moments and a knowledge of its own, and reads what lies ahead as now", () => {
    expect(
      read({ topics: [{ topic: "m", at: [5], known: 8 }, "slow"], at: [NOW + 1], tolerance: 2, knowledge: "then" }),
    ).toEqual([
      { topic: "m", at: [5], tolerance: 2_000, asOf: 8 },
      { topic: "slow", at: [NOW], tolerance: 2_000, asOf: "then" },
    ]);
  });

  it("names what is wrong", () => {
    expect(issue({})).toMatch(/^400 topics: must be a list/);
    expect(issue({ topics: ["m"] })).toBe("400 topics[0].at: is missing");
    expect(issue({ topics: ["m"], at: [] })).toMatch(/^400 at: must be a list/);
    expect(issue({ topics: ["m"], at: ["5"] })).toBe("400 at[0]: must be ms since 1970");
    expect(issue({ topics: [{ topic: "m", at: [-1] }] })).toBe("400 topics[0].at[0]: must be ms since 1970");
    expect(issue({ topics: [{ at: [1] }] })).toBe("400 topics[0].topic: is missing");
    expect(issue({ topics: [null], at: [1] })).toBe("400 topics[0].topic: is missing");
    expect(issue({ topics: ["m", "unknown"], at: [1] })).toMatch(/^404 topics\[1\]/);
    expect(issue({ topics: ["m"], at: [1], knowledge: "maybe" })).toMatch(/^400 knowledge: /);
    expect(issue({ topics: ["m"], at: [1], tolerance: -1 })).toMatch(/^400 tolerance: /);
    expect(issue({ topics: ["m"], at: [1], known: "x" })).toMatch(/^400 known: /);
  });

  it("has bounds", () => {
    const moments = Array.from({ length: LIMITS.values.moments + 1 }, (_, i) => i);
    expect(issue({ topics: ["m"], at: moments })).toMatch(/^422 at: 201 different moments/);
    expect(
      issue({ topics: Array.from({ length: LIMITS.values.topics }, () => "m"), at: moments.slice(0, 11) }),
    ).toMatch(/^422 topics: 22000 values/);
  });
});

describe("sharing", () => {
  it("answers the same question, asked meanwhile, once; later ones anew, also after a failure", async () => {
    let asked = 0;
    const share = sharing((question: { at: number }) =>
      ++asked === 3 ? Promise.reject(new Error("away")) : Promise.resolve(question.at + asked),
    );
    expect(await Promise.all([share({ at: 10 }), share({ at: 10 }), share({ at: 20 })])).toEqual([11, 11, 22]);
    await expect(share({ at: 10 })).rejects.toThrow("away");
    expect(await share({ at: 10 })).toBe(14);
  });
});
