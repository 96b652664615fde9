import { afterEach, expect, it, vi } from "vitest";
import { readAnswer } from "@/lib/contract/answer";
import { refusalText } from "./refusal-text";

afterEach(() => vi.unstubAllGlobals());

async function told(lang: string, status: number, body: string): Promise<string> {
  vi.stubGlobal("document", { documentElement: { lang } });
  return readAnswer(new Response(body, { status })).then(() => "", refusalText);
}

it("a refusal for want of a right is told in the page's language, any other one in the gateway's words", async () => {
  const right = JSON.stringify({ code: "no-right", detail: 'there is no right to "reading/x/all/m"' });
  expect([await told("zh-CN", 403, right), await told("en", 403, right)]).toEqual(["无此权限", "No right to this"]);
  expect(await told("zh-CN", 401, JSON.stringify({ code: "sign-in", detail: "sign in first" }))).toBe("无此权限");
  expect(await told("en", 422, JSON.stringify({ code: "too-large", detail: "topics: too many" }))).toBe(
    "topics: too many",
  );
  // From something in between, which speaks no problem details.
  expect(await told("en", 502, "<html>")).toMatch(/^502/);
});
