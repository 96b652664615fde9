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
import { signedIn } from "../control/test-people";
import type { Gateway } from "./server";
import { makeSite, standForPages, type TestSite } from "./test-site";

/** A gateway in which everybody has to sign in, before pages that tell what they were asked. */
let site: TestSite;
let gateway: Gateway;
let pages: Awaited<ReturnType<typeof standForPages>>;
let db: Kysely<Tables>;
let asked: { url: string; headers: IncomingHttpHeaders }[] = [];

beforeAll(async () => {
  site = await makeSite(checkTile);
  const control = { data: path.join(site.folder, "data") };
  pages = await standForPages(({ url = "", headers }, response) => {
    // Whether pages can be made is asked for as well.
    if (headers["x-citywall-visitor"]) asked.push({ url, headers });
    response.end(`page ${url}`);
  });
  db = await openControl(control);
  gateway = await site.open({
    pagesPort: pages.port,
    closed: true,
    control: await controlHere(control),
    screenTopics,
    pagesKey: "the pages' own",
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
    expect(asked).toEqual([]);
    expect(await get("/sign-in?to=%2Fcompare")).toMatchObject({ status: 200, text: "page /sign-in?to=%2Fcompare" });
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
    await get("/sign-in", { "x-citywall-visitor": "https 203.0.113.9", "x-citywall-pages": "guess" });
    expect(asked[0]?.headers).toMatchObject({ "x-citywall-visitor": "http 127.0.0.1" });
    expect(asked[0]?.headers).not.toHaveProperty("x-citywall-pages");
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
