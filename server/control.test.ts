import type { ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { append, lines } from "../lib/control/audit";
import { openControl } from "../lib/control/open";
import { RemoteControl } from "../lib/control/remote";
import { Tokens, tokensOfControl } from "../lib/gateway/tokens";
import { forkProgram } from "./processes";

const DAY = 86_400_000;
const SECRET = "cw_of-an-earlier-version";
const hash = createHash("sha256").update(SECRET).digest("hex");

let data = "";
let child: ChildProcess | null = null;
let control: RemoteControl;

beforeEach(async () => {
  data = await mkdtemp(path.join(os.tmpdir(), "citywall-control-"));
});
afterEach(async () => {
  await control.close();
  vi.restoreAllMocks();
  await rm(data, { recursive: true, force: true });
});

function start(): RemoteControl {
  const env = { ...process.env, CITYWALL_DATA: data, CITYWALL_AUDIT_DAYS: "183", DATABASE_URL: undefined };
  control = new RemoteControl(() => (child = forkProgram("control", env, { serialization: "advanced" })));
  return control;
}

describe("the control data's process", () => {
  it("takes an earlier version's tokens over before it can be asked", { timeout: 60_000 }, async () => {
    const token = { id: hash.slice(0, 8), hash, city: "x", feed: "*", created: "2026-11-24T00:00:00Z" };
    await writeFile(path.join(data, "tokens.json"), JSON.stringify({ tokens: [token] }));
    expect(await start().call("tokenList", {})).toMatchObject([{ id: token.id, city: "x", madeBy: "start" }]);
    expect(await readFile(path.join(data, "tokens.json.taken"), "utf8")).toContain(hash);
  });

  it(
    "forgets lines of the audit log that are older than they are kept, and nothing else",
    { timeout: 60_000 },
    async () => {
      const db = await openControl({ data });
      for (const days of [400, 184, 182, 0])
        await append(db, { who: "x", action: "map.add", object: `${days}` }, Date.now() - days * DAY);
      await start().call("auditLines", {});
      await vi.waitFor(async () => expect((await lines(db, { oldestFirst: true }))[0]?.object).toBe("182"), {
        timeout: 10_000,
      });
      expect(await control.call("auditVerify", {})).toEqual({ ok: true, lines: 3, forgotten: 2 });
      await db.destroy();
    },
  );

  it(
    "may be killed: tokens that are known stay in force, and one that was withdrawn meanwhile does not",
    { timeout: 60_000 },
    async () => {
      vi.spyOn(console, "error").mockImplementation(() => {});
      const by = { who: "test", address: "" };
      const scope = { kind: "publish" as const, city: "x", feed: "a", backfill: false };
      const wish = { ...scope, expires: null, addresses: null, note: "", by };
      const { secret, token } = await start().call("tokenCreate", wish);
      const tokens = new Tokens({ source: tokensOfControl(control), file: null, now: Date.now });
      await tokens.open();
      const shown = () => tokens.of(`Bearer ${secret}`, "::1");
      await vi.waitFor(() => expect(shown()).toMatchObject({ id: token.id }), { timeout: 10_000 });
      const gone = new Promise((resolve) => child?.once("exit", resolve));
      child?.kill("SIGKILL");
      await gone;
      expect(shown()).toMatchObject({ id: token.id });
      const db = await openControl({ data });
      await db.deleteFrom("token").execute();
      await db.destroy();
      await vi.waitFor(() => expect(shown()).toEqual({ because: "unknown" }), { timeout: 20_000 });
      await tokens.close();
    },
  );
});
