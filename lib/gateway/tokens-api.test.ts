import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { checkTile } from "../../components/widgets/check-tile";
import { screenTopics } from "../../components/widgets/screen-topics";
import type { MadeToken, RotatedToken, TokenOut } from "../contract/api/tokens";
import type { AuditLine } from "../contract/api/audit";
import type { Problem } from "../contract/api/problem";
import type { Role } from "../contract/rights";
import { controlHere } from "../control/here";
import { openControl } from "../control/open";
import type { ControlAsk } from "../control/remote";
import { ControlAway } from "../control/refusal";
import { signedIn } from "../control/test-people";
import type { Gateway } from "./server";
import { makeSite, type TestSite } from "./test-site";

let site: TestSite;
let gateway: Gateway;
let control: ControlAsk;
let isAway = false;
const secrets = {} as Record<Role, string>;
const FEED = { city: "lianyungang", feed: "gov-services" };

beforeAll(async () => {
  site = await makeSite(checkTile);
  const data = path.join(site.folder, "data");
  control = await controlHere({ data });
  const breakable: ControlAsk = {
    ...control,
    call: (method, params) => (isAway ? Promise.reject(new ControlAway("away")) : control.call(method, params)),
  };
  gateway = await site.open({ control: breakable, closed: true, screenTopics, trustedProxies: ["127.0.0.1"] });
  const db = await openControl({ data });
  for (const role of ["viewer", "editor", "administrator"] as const)
    secrets[role] = (await signedIn(db, { role })).secret;
  await db.destroy();
}, 60_000);

afterAll(async () => {
  await gateway.close();
  await site.drop();
});

interface Asked {
  method?: string;
  body?: object;
  as?: Role;
  headers?: Record<string, string>;
}

function ask(where: string, { method = "GET", body, as, headers = {} }: Asked = {}): Promise<Response> {
  return fetch(`http://127.0.0.1:${gateway.port}${where}`, {
    method,
    ...(body ? { body: JSON.stringify(body) } : {}),
    headers: {
      "content-type": "application/json",
      ...(as ? { cookie: `citywall-session=${secrets[as]}` } : {}),
      ...headers,
    },
  });
}

const admin = async <T>(where: string, more: Asked = {}): Promise<T> =>
  (await ask(where, { as: "administrator", ...more })).json() as Promise<T>;
const make = (more: object = {}): Promise<MadeToken> =>
  admin("/api/v1/tokens", { method: "POST", body: { ...FEED, ...more } });
const publish = (secret: string, from = "127.0.0.1", metric = "cases-today"): Promise<Response> => {
  const readings = [{ city: "lianyungang", metric, at: new Date().toISOString(), value: 1 }];
  const headers = { authorization: `Bearer ${secret}`, "x-forwarded-for": from };
  return ask("/api/v1/readings", { method: "POST", body: { readings }, headers });
};
const status = async (answer: Promise<Response>): Promise<number> => (await answer).status;
const log = async (query = ""): Promise<AuditLine[]> =>
  (await admin<{ lines: AuditLine[] }>(`/api/v1/audit?limit=1000&${query}`)).lines;

describe("tokens over the API", () => {
  it("are made, listed, rotated and taken back by administrators, who are named in the audit log", async () => {
    const { token, secret } = await make({ note: "office", expires: Date.now() + 3_600_000 });
    expect([await status(publish(secret)), token.madeBy]).toEqual([
      200,
      expect.stringMatching(/^account test-administrator/),
    ]);
    const next = await admin<RotatedToken>(`/api/v1/tokens/${token.id}/rotation`, {
      method: "POST",
      body: { grace: 600 },
    });
    expect([await status(publish(secret)), await status(publish(next.secret))]).toEqual([200, 200]);
    const listed = await admin<{ tokens: TokenOut[] }>("/api/v1/tokens");
    expect(listed.tokens.find(({ id }) => id === token.id)).toMatchObject({
      replacedBy: next.token.id,
      note: "office",
    });
    for (const { id } of [token, next.token])
      expect(await status(ask(`/api/v1/tokens/${id}`, { method: "DELETE", as: "administrator" }))).toBe(200);
    await vi.waitFor(async () => expect(await status(publish(next.secret))).toBe(401), {
      timeout: 1_000,
      interval: 20,
    });
    const told = (await log(`text=${token.id}`)).map(({ action, who }) => `${action} ${who.split("-")[0]}`);
    expect(told).toEqual(["token.revoke account test", "token.rotate account test", "token.create account test"]);
    expect(JSON.stringify([listed, await log()])).not.toContain(secret.slice(3));
  });

  it("are nobody else's to see or make", async () => {
    for (const [method, where] of [
      ["GET", "/api/v1/tokens"],
      ["POST", "/api/v1/tokens"],
      ["DELETE", "/api/v1/tokens/12345678"],
      ["POST", "/api/v1/tokens/12345678/rotation"],
      ["GET", "/api/v1/audit"],
      ["GET", "/api/v1/audit/export"],
      ["GET", "/api/v1/audit/verification"],
    ] as const) {
      const body = method === "POST" ? { body: FEED } : {};
      expect([where, await status(ask(where, { method, ...body }))]).toEqual([where, 401]);
      for (const as of ["viewer", "editor"] as const)
        expect([where, await status(ask(where, { method, as, ...body }))]).toEqual([where, 403]);
    }
  });

  it("that are asked for wrongly are refused by the field, and none is made", async () => {
    const before = (await admin<{ tokens: TokenOut[] }>("/api/v1/tokens")).tokens.length;
    const wrong: [object, string][] = [
      [{ city: "atlantis" }, "city"],
      [{ feed: "weather-in-atlantis" }, "feed"],
      [{ addresses: ["10.0.0.0/8", "10.0.0.300"] }, "addresses[1]"],
      [{ addresses: ["10.0.0.0/33"] }, "addresses[0]"],
      [{ addresses: [] }, "addresses"],
      [{ expires: 1_000 }, "expires"],
      [{ expires: "tomorrow" }, "expires"],
      [{ note: "x".repeat(201) }, "note"],
      [{ backfill: "yes" }, "backfill"],
    ];
    for (const [more, field] of wrong) {
      const answer = await ask("/api/v1/tokens", { method: "POST", as: "administrator", body: { ...FEED, ...more } });
      expect([field, answer.status, ((await answer.json()) as Problem).field]).toEqual([field, 400, field]);
    }
    expect((await admin<{ tokens: TokenOut[] }>("/api/v1/tokens")).tokens).toHaveLength(before);
    const rotation = { method: "POST", as: "administrator", body: { grace: -1 } } as const;
    expect(await admin<Problem>("/api/v1/tokens/12345678/rotation", rotation)).toMatchObject({
      status: 400,
      field: "grace",
    });
    expect(await status(ask("/api/v1/tokens/12345678/rotation", { ...rotation, body: {} }))).toBe(404);
  });
});

describe("a monitor's token", () => {
  const figures = (secret: string, more: Record<string, string> = {}): Promise<Response> =>
    ask("/metrics", { headers: { authorization: `Bearer ${secret}`, ...more } });
  const monitor = (more: object = {}): Promise<MadeToken> =>
    admin("/api/v1/tokens", { method: "POST", body: { kind: "monitor", note: "prometheus", ...more } });

  it("reads what the gateway counts, and nothing else, from where it may and as long as it holds", async () => {
    const { token, secret } = await monitor({ addresses: ["127.0.0.0/8"] });
    expect(token).toMatchObject({ kind: "monitor", city: null, feed: null, backfill: false });
    const answer = await figures(secret);
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining("citywall_")]);
    const headers = { authorization: `Bearer ${secret}` };
    for (const where of ["/api/v1/account/sessions", "/api/v1/cities", "/api/v1/tokens", "/api/v1/audit"])
      expect([where, await status(ask(where, { headers }))]).toEqual([where, 401]);
    expect(await status(publish(secret))).toBe(401);
    expect(await status(figures(secret, { "x-forwarded-for": "10.2.0.1" }))).toBe(401);
    expect(await status(ask(`/api/v1/tokens/${token.id}`, { method: "DELETE", as: "administrator" }))).toBe(200);
    await vi.waitFor(async () => expect(await status(figures(secret))).toBe(401), { timeout: 1_000, interval: 20 });
  });

  it("is no publisher's, and who is signed in is who he is signed in as, whatever token he shows", async () => {
    const { secret } = await make();
    const refused = await figures(secret);
    expect([refused.status, refused.headers.get("www-authenticate"), await refused.text()]).toEqual([
      401,
      "Bearer",
      await (await figures("cw_made-up")).text(),
    ]);
    const headers = { authorization: `Bearer ${(await monitor()).secret}` };
    expect(await status(ask("/metrics", { as: "viewer", headers }))).toBe(403);
    expect(await status(ask("/metrics", { as: "administrator", headers: { authorization: "Bearer x" } }))).toBe(200);
  });

  it("that asks for something of a publisher's is refused by the field, as is a publisher's without a feed", async () => {
    const wrong: [object, string][] = [
      [{ kind: "monitor", city: "lianyungang" }, "city"],
      [{ kind: "monitor", feed: "*" }, "feed"],
      [{ kind: "monitor", backfill: true }, "backfill"],
      [{ kind: "all" }, "kind"],
      [{ feed: "*" }, "city"],
      [{ city: "lianyungang" }, "feed"],
    ];
    for (const [body, field] of wrong) {
      const answer = await ask("/api/v1/tokens", { method: "POST", as: "administrator", body });
      expect([field, answer.status, ((await answer.json()) as Problem).field]).toEqual([field, 400, field]);
    }
  });

  it("goes on being good while the control data is away", async () => {
    const { secret } = await monitor();
    expect(await status(figures(secret))).toBe(200);
    isAway = true;
    try {
      expect(await status(figures(secret))).toBe(200);
    } finally {
      isAway = false;
    }
  });
});

describe("a stolen token", () => {
  it.each([
    ["that has ended", { expires: () => Date.now() + 50 }, "127.0.0.1"],
    ["from another address than it is bound to", { addresses: () => ["10.1.0.0/16"] }, "10.2.0.1"],
  ])(
    "%s is refused like one that never was, and the audit log says which and from where",
    async (_what, more, from) => {
      const wish = Object.fromEntries(Object.entries(more).map(([name, value]) => [name, value()]));
      const { token, secret } = await make(wish);
      await vi.waitFor(async () => expect(await status(publish(secret, from))).toBe(401), { interval: 20 });
      const [stolen, unknown] = [await publish(secret, from), await publish("cw_made-up", from)];
      expect(await stolen.text()).toBe(await unknown.text());
      const others = await openedAgain(async () => log(`text=${token.id}`));
      const reason = "expires" in more ? "token: expired" : "token: address";
      expect(others[0]).toMatchObject({
        action: "token.refuse",
        who: `token ${token.id}`,
        object: reason,
        address: from,
      });
    },
  );

  it("brings nothing for another feed or another city", async () => {
    const { secret } = await make();
    expect(await status(publish(secret, "127.0.0.1", "mean-speed"))).toBe(403);
  });

  it("is of no use once it was rotated and the grace time is over", async () => {
    const { token, secret } = await make();
    await admin(`/api/v1/tokens/${token.id}/rotation`, { method: "POST", body: { grace: 0 } });
    await vi.waitFor(async () => expect(await status(publish(secret))).toBe(401), { timeout: 1_000, interval: 20 });
  });
});

/** Refusals are written when their minute is over, and when the gateway closes. */
async function openedAgain<T>(task: () => Promise<T>): Promise<T> {
  await gateway.close();
  const data = path.join(site.folder, "data");
  control = await controlHere({ data });
  const breakable: ControlAsk = {
    ...control,
    call: (method, params) => (isAway ? Promise.reject(new ControlAway("away")) : control.call(method, params)),
  };
  gateway = await site.open({ control: breakable, closed: true, screenTopics, trustedProxies: ["127.0.0.1"] });
  return task();
}

describe("the audit log over the API", () => {
  it("is told a page at a time, by time, who, what and text, and verified", async () => {
    const made = await make({ note: "one more" });
    const first = await admin<{ lines: AuditLine[]; more: boolean }>("/api/v1/audit?limit=2");
    expect([first.lines.length, first.more]).toEqual([2, true]);
    const second = await admin<{ lines: AuditLine[] }>(`/api/v1/audit?limit=2&before=${first.lines[1]?.seq}`);
    expect(second.lines[0]?.seq).toBe((first.lines[1]?.seq ?? 0) - 1);
    expect(await log(`text=${made.token.id.toUpperCase()}`)).toHaveLength(1);
    expect(await log("text=100%25")).toEqual([]);
    expect((await log("action=token.rotate")).every(({ action }) => action === "token.rotate")).toBe(true);
    expect(await log(`until=${new Date(0).toISOString()}`)).toEqual([]);
    expect(await admin("/api/v1/audit/verification")).toMatchObject({ ok: true, forgotten: 0 });
    for (const [query, field] of [
      ["since=yesterday", "since"],
      ["limit=0", "limit"],
      ["limit=1001", "limit"],
      ["before=x", "before"],
    ])
      expect(await admin<Problem>(`/api/v1/audit?${query}`)).toMatchObject({ status: 400, field });
  });

  it("is taken out as CSV and as JSON lines, which is itself a line of it", async () => {
    const newest = async (): Promise<AuditLine | undefined> => (await log())[0];
    for (const format of ["csv", "ndjson"]) {
      const text = await (await ask(`/api/v1/audit/export?format=${format}`, { as: "administrator" })).text();
      const line = await newest();
      expect(line).toMatchObject({
        action: "audit.export",
        who: expect.stringMatching(/^account test-administrator/) as string,
      });
      const rows = text.trim().split(/\r?\n/);
      expect(rows).toHaveLength((line?.seq ?? 0) + (format === "csv" ? 1 : 0));
      if (format === "csv") expect(rows[0]).toBe("seq,time,who,action,object,address,detail,hash");
      else expect(JSON.parse(rows.at(-1) ?? "")).toEqual(line);
    }
  });

  it("counts who was refused what, and from where", async () => {
    for (let i = 0; i < 3; i++)
      await ask("/api/v1/audit", { as: "viewer", headers: { "x-forwarded-for": "10.7.7.7" } });
    const [line] = await openedAgain(() => log("action=refuse&text=10.7.7.7"));
    expect(line).toMatchObject({ object: "GET /api/v1/audit", address: "10.7.7.7", detail: '{"count":3}' });
    expect(line?.who).toMatch(/^account test-viewer/);
  });

  it("is not gone around: without control data nothing is changed, and publishers that are known go on", async () => {
    const { secret } = await make();
    expect(await status(publish(secret))).toBe(200);
    const before = await control.call("tokenList", {});
    isAway = true;
    try {
      expect(await status(ask("/api/v1/tokens", { method: "POST", as: "administrator", body: FEED }))).toBe(503);
      expect([await status(publish(secret)), await status(publish("cw_made-up"))]).toEqual([200, 503]);
    } finally {
      isAway = false;
    }
    expect(await control.call("tokenList", {})).toEqual(before);
  });
});
