import { describe, expect, it } from "vitest";
import { whoText } from "./who";

describe("who did something", () => {
  it("is told in the reader's language with his own name, and who is of no known kind as he is", () => {
    expect([whoText("zh", "account ada"), whoText("en", "display Hall 1"), whoText("zh", "local")]).toEqual([
      "账号 ada",
      "display Hall 1",
      "本机",
    ]);
    expect(whoText("en", "somebody else")).toBe("somebody else");
  });
});
