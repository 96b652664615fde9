import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ROUTES } from "../lib/contract/api";
import { Started, until } from "./started";

/** Nobody may ever read it. */
const MARK = "hunter2-marked";
/** Nobody listens on this port: it is the system's to hand out to nobody. */
const NOWHERE = "127.0.0.1:1";

let folder: string;
let started: Started | null = null;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "citywall-secrets-"));
});
afterEach(async () => {
  await started?.clear();
  await rm(folder, { recursive: true, force: true });
});

/** Every address that is read, with values for what its path names. */
const ADDRESSES = Object.values(ROUTES)
  .filter(({ method }) => method === "get")
  .map(({ path: address }) =>
    address.replace(
      /[:{](\w+)\}?/g,
      (_all, name: string) => ({ city: "lianyungang", screen: "overview" })[name] ?? "1",
    ),
  );

/** All that the gateway answers: whole answers, with their headers. */
async function answers(url: string): Promise<string> {
  const all = [
    ...ADDRESSES,
    "/",
    "/wall/lianyungang/overview",
    "/api/v1/history?topic=reading/lianyungang/all/cases-today&from=now-1h",
  ];
  const texts = all.map(async (address) => {
    const answer = await fetch(`${url}${address}`, { signal: AbortSignal.timeout(20_000) });
    return `${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}`;
  });
  return (await Promise.all(texts)).join("\n");
}

describe("a secret is told nowhere: not by what is printed, by any answer, nor by what processes are called", () => {
  it.each([
    ["of a server that cannot be reached", `postgres://citywall:${MARK}@${NOWHERE}/citywall`],
    ["that is not coded as an address has it", `postgres://citywall:${MARK}%zz@${NOWHERE}/citywall`],
    [
      "among the settings of the address",
      `postgres://${NOWHERE}/citywall?user=citywall&password=${MARK}&sslmode=${MARK}`,
    ],
  ])("the password %s", { timeout: 120_000 }, async (_what, address) => {
    const file = path.join(folder, "url");
    await writeFile(file, `${address}\n`);
    started = new Started({
      env: {
        CITYWALL_DATA: path.join(folder, "data"),
        DATABASE_URL_FILE: file,
        CITYWALL_TOKEN: `cw_${MARK}`,
        CITYWALL_MONITOR_TOKEN: `cw_${MARK}`,
        CITYWALL_OIDC_ISSUER: `https://${NOWHERE}`,
        CITYWALL_OIDC_CLIENT_ID: "citywall",
        CITYWALL_OIDC_CLIENT_SECRET: MARK,
      },
    });
    const url = await started.url();
    const begun = started;
    await until(() => begun.said.includes("citywall: store: "), "the store to say that it cannot");
    const told = await answers(url);
    expect(told).toContain("citywall_store_up 0");
    expect(told).not.toContain(MARK);
    expect(started.left().join("\n")).not.toContain(MARK);
    started.signal("SIGTERM");
    await started.ended;
    expect(started.said).not.toContain(MARK);
  });

  it("of an address that is none", { timeout: 60_000 }, async () => {
    started = new Started({
      env: { CITYWALL_DATA: path.join(folder, "data"), DATABASE_URL: `mysql://root:${MARK}@db` },
    });
    expect((await started.ended).code).toBe(78);
    expect(started.said).toContain("DATABASE_URL: must be");
    expect(started.said).not.toContain(MARK);
  });
});
