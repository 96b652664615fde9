import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Started, until } from "./started";

let folder: string;
let running: Started[] = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "citywall-first-"));
});
afterEach(async () => {
  for (const started of running) await started.clear();
  running = [];
  await rm(folder, { recursive: true, force: true });
});

function start(env: Record<string, string>): Started {
  const started = new Started({ env: { CITYWALL_DATA: path.join(folder, "data"), CITYWALL_HISTORY: "0", ...env } });
  running.push(started);
  return started;
}

const LINK = /(http:\S+)\/invite#([\w-]{43})\n/;

async function post(url: string, body: object): Promise<number> {
  const headers = { "content-type": "application/json" };
  return (await fetch(url, { method: "POST", headers, body: JSON.stringify(body) })).status;
}

it(
  "where other machines can come, a start prints the link that makes the first administrator, anew each time and never after that",
  { timeout: 240_000 },
  async () => {
    const unread = start({ HOST: "0.0.0.0" });
    await unread.url();
    const [, , lost = ""] = await until(() => LINK.exec(unread.said), "a link");
    unread.signal("SIGTERM");
    await unread.ended;

    const started = start({ HOST: "0.0.0.0" });
    const url = await started.url();
    const [, shown, secret = ""] = await until(() => LINK.exec(started.said), "another link");
    expect([shown, started.said]).toEqual([url, expect.stringContaining("for 30 minutes")]);
    expect((await fetch(`${url}/api/v1/people`)).status).toBe(401);
    expect(await post(`${url}/api/v1/invitation`, { secret: lost })).toBe(404);
    const account = { secret, name: "chief", password: "seven brown foxes at noon" };
    expect(await post(`${url}/api/v1/invitation/accept`, account)).toBe(200);
    expect(await post(`${url}/api/v1/invitation/accept`, account)).toBe(404);
    started.signal("SIGTERM");
    await started.ended;

    const again = start({ HOST: "0.0.0.0" });
    const same = await again.url();
    expect(await post(`${same}/api/v1/session`, { name: "chief", password: account.password })).toBe(200);
    again.signal("SIGTERM");
    await again.ended;
    expect(again.said).not.toMatch(/invite/);
  },
);

it("a start with CITYWALL_OPEN ends with 78 and tells what took its place", { timeout: 60_000 }, async () => {
  const started = start({ HOST: "0.0.0.0", CITYWALL_OPEN: "1" });
  expect((await started.ended).code).toBe(78);
  expect(started.said).toMatch(/citywall: CITYWALL_OPEN: is no setting any more: .*signs in.*\/people/);
});

it("on loopback nobody signs in, and no link is printed", { timeout: 60_000 }, async () => {
  const started = start({});
  const url = await started.url();
  expect(await (await fetch(`${url}/api/v1/me`)).json()).toMatchObject({ kind: "local", closed: false });
  started.signal("SIGTERM");
  await started.ended;
  expect(started.said).not.toMatch(/invite/);
});
