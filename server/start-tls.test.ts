import { mkdtemp, readFile, rm } from "node:fs/promises";
import { request } from "node:https";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeCertificate } from "../lib/gateway/test-certificate";
import { Started } from "./started";

let folder: string;
let started: Started | null = null;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "citywall-start-tls-"));
});
afterEach(async () => {
  await started?.clear();
  await rm(folder, { recursive: true, force: true });
});

function start(cert: string, key: string): Started {
  const env = { CITYWALL_TLS_CERT: cert, CITYWALL_TLS_KEY: key, CITYWALL_DATA: path.join(folder, "data") };
  return (started = new Started({ env }));
}

describe("npm start with a certificate", () => {
  it("serves https at the address that it prints", { timeout: 60_000 }, async () => {
    const { cert, key } = makeCertificate(folder, "wall");
    const url = new URL(await start(cert, key).url());
    expect([url.protocol, url.hostname]).toEqual(["https:", "127.0.0.1"]);
    const ca = await readFile(cert);
    const status = await new Promise((resolve, reject) => {
      request({ host: url.hostname, port: url.port, path: "/readyz", ca }, (response) => {
        resolve(response.statusCode);
        response.destroy();
      })
        .once("error", reject)
        .end();
    });
    expect(status).toBe(200);
  });

  it("starts nothing where the key is another's", { timeout: 60_000 }, async () => {
    const [one, other] = [makeCertificate(folder, "one"), makeCertificate(folder, "other")];
    const refused = start(one.cert, other.key);
    expect((await refused.ended).code).toBe(78);
    expect(refused.said).toContain(`citywall: CITYWALL_TLS_KEY: ${other.key} is not the key of ${one.cert}`);
    expect(refused.hadA("gateway")).toBe(false);
  });
});
