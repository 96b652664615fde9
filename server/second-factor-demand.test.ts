/** Walks every route, and the live socket, with somebody who has to set up a second factor first. */
import { Secret, TOTP } from "otpauth";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ROUTES, type RouteName } from "../lib/contract/api";
import type { RouteSchema } from "../lib/contract/api/route";
import { EVERYWHERE } from "../lib/contract/rights";
import { touch } from "../lib/control/context";
import { hashPassword } from "../lib/control/people/passwords";
import { connected, openClosed, subscribe, type ClosedSite, type Visitor } from "./test-closed";

const PASSWORD = "seven brown foxes at noon";
const CITY = "lianyungang";
const SAMPLES: Record<string, string> = { adcode: "320706", kind: "vector", screen: "overview", city: CITY };

let site: ClosedSite;
beforeAll(async () => {
  site = await openClosed({ trustedProxies: ["127.0.0.1"], addressRate: 100_000 });
});
afterAll(() => site.drop());

async function demand(secondFactor: "nobody" | "editors" | "everybody"): Promise<void> {
  await site.db
    .insertInto("sign_in_policy")
    .values({ one: 1, second_factor: secondFactor })
    .onConflict((conflict) => conflict.column("one").doUpdateSet({ second_factor: secondFactor }))
    .execute();
  await touch(site.db);
}

let address = 0;
/** Requests count by address: each comes from one of its own. */
const fromAnywhere = (): Record<string, string> => ({ "x-forwarded-for": `10.9.${++address >> 8}.${address & 255}` });

async function codeOfAnswer(response: Response): Promise<string> {
  const text = await response.text();
  const isProblem = response.headers.get("content-type")?.includes("problem") ?? false;
  return isProblem ? (JSON.parse(text) as { code: string }).code : "";
}

function ask(who: Visitor, { path, method }: RouteSchema): Promise<Response> {
  const where = path.replace(/\{(\w+)\}/g, (_all, name: string) => SAMPLES[name] ?? "x");
  const init = { method: method.toUpperCase(), ...(method === "get" ? {} : { body: "{}" }) };
  return site.fetch(who, where, { ...init, headers: fromAnywhere() });
}

const isEnrolling = async (who: Visitor): Promise<boolean> =>
  ((await (await site.fetch(who, "/api/v1/me")).json()) as { enrolling: boolean }).enrolling;

describe("who has to set up a second factor first", () => {
  it("may do that, and nothing else, whatever the route", { timeout: 60_000 }, async () => {
    await demand("everybody");
    const who = await site.account("administrator", EVERYWHERE);
    await vi.waitFor(async () => expect(await isEnrolling(who)).toBe(true));
    const isLetIn: string[] = [];
    for (const [name, schema] of Object.entries(ROUTES) as [RouteName, RouteSchema][]) {
      // Those prove themselves otherwise, or are how one gets in and out: the last of them ends the sign-in.
      if (schema.rule === "anyone" || schema.rule === "token") continue;
      const response = await ask(who, schema);
      const code = await codeOfAnswer(response);
      if (code === "second-factor-needed") expect([name, response.status]).toEqual([name, 403]);
      else isLetIn.push(name);
    }
    expect(isLetIn.sort()).toEqual(["acceptTotp", "addPasskey", "offerTotp", "passkeyOptions", "secondFactors"]);
  });

  it(
    "is let into no live connection, and cut off from the one that he has, until he has done it",
    { timeout: 60_000 },
    async () => {
      await demand("nobody");
      const who = await site.account("viewer", EVERYWHERE);
      await site.db
        .updateTable("account")
        .set({ password: await hashPassword(PASSWORD) })
        .where("id", "=", who.account)
        .execute();
      const topic = `reading/${CITY}/all/cases-today`;
      await vi.waitFor(async () => expect(await isEnrolling(who)).toBe(false));
      const socket = site.connect(who);
      await connected(socket);
      expect((await subscribe(socket, { topics: [{ topic, spans: [] }] })).topics[topic]).toBeDefined();
      const cut = new Promise<{ code: string }>((resolve) => socket.once("issue", resolve));
      await demand("everybody");
      expect(await cut).toMatchObject({ code: "rights-changed" });
      await expect(connected(site.connect(who))).rejects.toThrow("403");

      const json = async (where: string, body: object) => {
        const response = await site.fetch(who, where, {
          method: "POST",
          body: JSON.stringify(body),
          headers: fromAnywhere(),
        });
        return { response, told: (await response.json()) as Record<string, string> };
      };
      const { told: offered } = await json("/api/v1/account/totp/offer", { current: PASSWORD });
      const code = TOTP.generate({ secret: Secret.fromBase32(offered.secret ?? "") });
      const { response } = await json("/api/v1/account/totp", { offer: offered.offer, code });
      expect(response.status).toBe(200);
      const [cookie] = (response.headers.getSetCookie()[0] ?? "").split(";");
      expect(cookie).toMatch(/^citywall-session=[\w-]{43}$/);
      expect(cookie).not.toBe(who.cookie);
      const whole = { cookie: cookie ?? "" };
      expect(await isEnrolling(whole)).toBe(false);
      await connected(site.connect(whole));
      // The cookie that he had before is nobody's.
      expect(await codeOfAnswer(await site.fetch(who, "/api/v1/cities"))).toBe("sign-in");
    },
  );
});
