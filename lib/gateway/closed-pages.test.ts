import { hash, randomBytes } from "node:crypto";
import { request, type IncomingHttpHeaders } from "node:http";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { checkTile } from "../../components/widgets/check-tile";
import { screenTopics } from "../../components/widgets/screen-topics";
import type { Kysely } from "kysely";
import { touch } from "../control/context";
import { controlHere } from "../control/here";
import { openControl } from "../control/open";
import type { Tables } from "../control/tables";
import { ROUTES } from "../contract/api";
import type { RouteSchema } from "../contract/api/route";
import { signedIn } from "../control/test-people";
import type { Gateway } from "./server";
import { makeSite, standForPages, type TestSite } from "./test-site";

/** A gateway in which everybody has to sign in, before pages that tell what they were asked. */
let site: TestSite;
let gateway: Gateway;
let pages: Awaited<ReturnType<typeof standForPages>>;
let db: Kysely<Tables>;
/** what the gateway's own watch says who it is */
const watched = new Set<string | string[] | undefined>();
let asked: { url: string; headers: IncomingHttpHeaders }[] = [];

beforeAll(async () => {
  site = await makeSite(checkTile);
  const control = { data: path.join(site.folder, "data") };
  pages = await standForPages(({ url = "", headers }, response) => {
    // Whether pages can be made is asked for as well.
    if (headers["x-citywall-visitor"]) asked.push({ url, headers });
    else watched.add(headers["x-citywall-pages"]);
    response.end(`page ${url}`);
  });
  db = await openControl(control);
  gateway = await site.open({
    pagesPort: pages.port,
    closed: true,
    control: await controlHere(control),
    screenTopics,
    pagesKey: "the pages' own",
    trustedProxies: ["127.0.0.1"],
  });
});
afterAll(async () => {
  await gateway.close();
  await db.destroy();
  pages.close();
  await site.drop();
});
beforeEach(() => {
  asked = [];
});

/** Asks for a path as it stands: `fetch` would resolve its dots. */
function get(page: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number | undefined; to: string | null; text: string }>((resolve, reject) => {
    const asking = request({ port: gateway.port, path: page, headers }, (answer) => {
      let text = "";
      answer.on("data", (piece: Buffer) => {
        text += piece.toString();
      });
      answer.on("end", () => resolve({ status: answer.statusCode, to: answer.headers.location ?? null, text }));
    });
    asking.on("error", reject).end();
  });
}

async function addDisplay(screen: string, withdrawn: number | null = null): Promise<Record<string, string>> {
  const secret = randomBytes(32).toString("base64url");
  const id = secret.slice(0, 8);
  await db
    .insertInto("device")
    .values({
      id,
      title: id,
      city: "lianyungang",
      screen,
      hash: hash("sha256", secret),
      rotated: 0,
      made: 0,
      made_by: "test",
      address: "",
      version: "",
      health: "",
      previous: null,
      previous_until: null,
      seen: null,
      painted: null,
      withdrawn,
    })
    .execute();
  await touch(db);
  return { cookie: `citywall-display=${secret}` };
}

describe("pages where everybody has to sign in", () => {
  it("are led to from the sign-in, to nowhere but this site", async () => {
    expect(await get("/district/lianyungang/320706?view=analysis")).toMatchObject({
      status: 303,
      to: "/sign-in?to=%2Fdistrict%2Flianyungang%2F320706%3Fview%3Danalysis",
    });
    expect(await get("/")).toMatchObject({ status: 303, to: "/sign-in" });
    for (const page of [
      "/%5cevil.example",
      "/%2fevil.example",
      "/sign-in/../compare",
      "/fonts/%2e%2e/compare",
      "/@evil.example",
    ]) {
      const { status, to } = await get(page);
      expect([page, status]).toEqual([page, 303]);
      const back = new URL(to ?? "", "http://wall").searchParams.get("to") ?? "/";
      expect(new URL(back, "http://wall").origin).toBe("http://wall");
    }
    for (const page of ["/_next/data/test/people.json", "/_next/image?url=%2Fpeople", "/__nextjs_x", "/sign-in/people"])
      expect([page, (await get(page)).status]).toEqual([page, 303]);
    expect(asked).toEqual([]);
    expect(await get("/sign-in?to=%2Fcompare")).toMatchObject({ status: 200, text: "page /sign-in?to=%2Fcompare" });
  });

  it("are led to in the language that they were asked for", async () => {
    expect(await get("/compare?lang=en")).toMatchObject({ to: "/sign-in?to=%2Fcompare%3Flang%3Den&lang=en" });
    const gone = await addDisplay("nowhere");
    const words = async (page: string, headers: Record<string, string>): Promise<string> =>
      (await get(page, { ...gone, ...headers })).text;
    for (const text of [
      await words("/?lang=en", { cookie: `${gone.cookie}; lang=zh`, "accept-language": "zh" }),
      await words("/", { cookie: `lang=en; ${gone.cookie}`, "accept-language": "zh" }),
      await words("/", { "accept-language": "en-GB" }),
    ]) {
      expect(text).toContain('<html lang="en">');
      expect(text).toContain("The screen of this display is gone");
      expect(text).not.toMatch(/\p{Script=Han}/u);
    }
    const chinese = await words("/", { "accept-language": "zh-CN" });
    expect(chinese).toContain('<html lang="zh-CN">');
    expect(chinese).toContain("此屏指定的画面已不存在");
    expect(chinese).not.toContain("screen of");
  });

  it("are made for who signed in", async () => {
    const { secret } = await signedIn(db, { role: "viewer" });
    const cookie = `citywall-session=${secret}`;
    expect(await get("/compare", { cookie })).toMatchObject({ status: 200, text: "page /compare" });
  });

  it("lead a display to its screen, and one that was withdrawn to where it is paired", async () => {
    const hall = await addDisplay("overview");
    expect(await get("/", hall)).toMatchObject({ status: 303, to: "/wall/lianyungang/overview" });
    expect(await get("/wall/lianyungang/overview", hall)).toMatchObject({ status: 200 });
    const gone = await addDisplay("nowhere");
    expect(await get("/", gone)).toMatchObject({ status: 404, text: expect.stringMatching(/http-equiv="refresh"/) });
    for (const old of [await addDisplay("overview", 1), { cookie: `citywall-display=${"x".repeat(43)}` }])
      expect(await get("/wall/lianyungang/overview", old)).toMatchObject({ status: 303, to: "/pair" });
  });

  it("are told by the gateway who asks, and by nobody else", async () => {
    const forged = { "x-citywall-visitor": "https 203.0.113.9", "x-citywall-pages": "guess" };
    const more = {
      "x-citywall-place": "hangzhou",
      "x-citywall-nonce": "n",
      "content-security-policy": "script-src 'nonce-n'",
    };
    await get("/sign-in", { ...forged, ...more });
    expect(asked[0]?.headers).toMatchObject({
      "x-citywall-visitor": "http 127.0.0.1",
      "x-citywall-pages": "the pages' own",
    });
    expect([...watched]).toEqual(["the pages' own"]);
    for (const name of Object.keys(more)) expect(asked[0]?.headers).not.toHaveProperty(name);
  });

  it("and what they are made of are kept by nobody on the way: whatever depends on who asks says so", async () => {
    const { secret } = await signedIn(db, { role: "administrator" });
    const names: Record<string, string> = { city: "lianyungang", screen: "overview", adcode: "320706", kind: "vector" };
    const paths = Object.values(ROUTES as Record<string, RouteSchema>)
      .filter(({ method, rule }) => method === "get" && rule !== "anyone")
      .map(({ path }) => path.replace(/\{(\w+)\}/g, (_all, name: string) => names[name] ?? "none"));
    expect(paths.length).toBeGreaterThan(20);
    for (const where of [...paths, "/api/v1/me", "/api/v1/display"]) {
      const answer = await fetch(`http://127.0.0.1:${gateway.port}${where}`, {
        headers: { cookie: `citywall-session=${secret}` },
      });
      await answer.body?.cancel();
      const said = answer.headers.get("cache-control")?.split(/, */) ?? [];
      expect([where, said.includes("no-store") || (said.includes("private") && said.includes("no-cache"))]).toEqual([
        where,
        true,
      ]);
    }
  });

  it("tell who asks from elsewhere that they cannot be made, and nothing of why", async () => {
    const ask = async (headers: Record<string, string>) => JSON.parse((await get("/readyz", headers)).text) as unknown;
    await expect.poll(() => ask({})).toMatchObject({ ready: false, reason: "pages cannot render /: no page" });
    expect(await ask({ "x-forwarded-for": "203.0.113.9" })).toMatchObject({
      ready: false,
      reason: "not ready yet",
      parts: { cities: "ok", pages: "at fault" },
    });
  });

  it("ask for their visitor, by the cookie that his browser keeps over TLS", async () => {
    const { secret } = await signedIn(db, { role: "viewer" });
    const [overTls, without] = [`__Host-citywall-session=${secret}`, `citywall-session=${secret}`];
    const ask = async (cookie: string, key: string, visitor = "https 203.0.113.9"): Promise<number> => {
      const answer = await fetch(`http://127.0.0.1:${gateway.port}/api/v1/cities/lianyungang`, {
        headers: { cookie, "x-citywall-visitor": visitor, "x-citywall-pages": key },
      });
      await answer.body?.cancel();
      return answer.status;
    };
    const key = "the pages' own";
    // Who came over TLS may have been given the other one by somebody on the way.
    expect([await ask(overTls, key), await ask(without, key)]).toEqual([200, 401]);
    expect(await ask(without, key, "http 203.0.113.9")).toBe(200);
    // Nobody else is believed that he came so, and the key alone gives no right.
    expect([await ask(without, "guess"), await ask("", key)]).toEqual([200, 401]);
  });
});
