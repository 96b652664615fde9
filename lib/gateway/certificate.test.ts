import { spawnSync } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { Certificate, loadCertificate, usableCertificate } from "./certificate";
import { makeCertificate, type MadeCertificate } from "./test-certificate";

const DAY = 86_400_000;
let folder: string;
let first: MadeCertificate;
let second: MadeCertificate;
let now: number;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "citywall-certificate-"));
  first = makeCertificate(folder, "first", 90);
  second = makeCertificate(folder, "second", 300);
  now = Date.now();
});
afterAll(() => rm(folder, { recursive: true }));

const file = async (name: string, text: string): Promise<string> => {
  await writeFile(path.join(folder, name), text);
  return path.join(folder, name);
};

describe("a certificate's files", () => {
  it("tell when it ends and the names that it is for, without those of a pattern", () => {
    const { until, names } = loadCertificate(first);
    expect(Math.round((until - now) / DAY)).toBe(90);
    expect(names).toEqual(["wall.example.org", "127.0.0.1"]);
  });

  it("end with the first of a chain that ends", async () => {
    const short = makeCertificate(folder, "short", 5);
    const chain = await file("chain.crt", (await readFile(first.cert, "utf8")) + (await readFile(short.cert, "utf8")));
    expect(Math.round((loadCertificate({ cert: chain, key: first.key }).until - now) / DAY)).toBe(5);
  });

  it("are refused by the setting that names them, and by what is wrong", async () => {
    const told = (files: MadeCertificate, at = now): string => {
      try {
        usableCertificate(files, at);
        return "none";
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(told(first)).toBe("none");
    expect(told({ ...first, cert: path.join(folder, "gone") })).toMatch(
      /^CITYWALL_TLS_CERT: .*gone cannot be read: ENOENT/,
    );
    expect(told({ ...first, key: path.join(folder, "gone") })).toMatch(
      /^CITYWALL_TLS_KEY: .*gone cannot be read: ENOENT/,
    );
    expect(told({ ...first, cert: first.key })).toMatch(/^CITYWALL_TLS_CERT: .*first\.key holds no certificate in PEM/);
    const half = await file("half.crt", (await readFile(first.cert, "utf8")).slice(0, 200));
    expect(told({ ...first, cert: half })).toMatch(/^CITYWALL_TLS_CERT: .*holds no certificate in PEM/);
    const torn = await file("torn.crt", (await readFile(first.cert, "utf8")).replace(/\n.{20}/, "\n"));
    expect(told({ ...first, cert: torn })).toMatch(/^CITYWALL_TLS_CERT: .*torn\.crt cannot be read as a certificate/);
    expect(told({ ...first, key: first.cert })).toMatch(/^CITYWALL_TLS_KEY: .*first\.crt holds no private key in PEM/);
    expect(told({ ...first, key: second.key })).toMatch(
      /^CITYWALL_TLS_KEY: .*second\.key is not the key of .*first\.crt/,
    );
    expect(told(first, now + 91 * DAY)).toMatch(/^CITYWALL_TLS_CERT: .*first\.crt ended on 20\d\d-\d\d-\d\d/);
  });

  it("that ask for a password are refused: nobody could say it at a start", async () => {
    const locked = path.join(folder, "locked.key");
    spawnSync("openssl", ["ec", "-in", first.key, "-out", locked, "-aes256", "-passout", "pass:hunter2"]);
    expect(() => loadCertificate({ ...first, key: locked })).toThrow(/^CITYWALL_TLS_KEY: .* has a password/);
  });
});

describe("a certificate in force", () => {
  let files: MadeCertificate;
  let certificate: Certificate;
  let said: string[];
  let at: number;
  let age = 0;

  /** Puts a file in the place of another, at a time of its own. */
  async function put(from: string, to: string): Promise<void> {
    await copyFile(from, to);
    age += 10;
    await utimes(to, age, age);
  }
  const pem = (): Promise<string> => readFile(first.cert, "utf8");

  beforeEach(async () => {
    said = [];
    vi.spyOn(console, "error").mockImplementation((line: string) => void said.push(line));
    files = { cert: path.join(folder, "live.crt"), key: path.join(folder, "live.key") };
    await put(first.cert, files.cert);
    await put(first.key, files.key);
    at = now;
    certificate = Certificate.open(files, () => at);
  });
  afterEach(() => {
    certificate.close();
    vi.restoreAllMocks();
  });

  it("is replaced once both files lie still, and whoever holds it is told", async () => {
    const changed = vi.fn();
    certificate.onChange(changed);
    await put(second.cert, files.cert);
    certificate.look();
    await put(second.key, files.key);
    certificate.look();
    expect(certificate.context.cert).toBe(await pem());
    certificate.look();
    expect(certificate.context.cert).toBe(await readFile(second.cert, "utf8"));
    expect(changed).toHaveBeenCalledTimes(1);
    expect([certificate.fault, said]).toEqual([null, [expect.stringContaining("is in force from now on")]]);
    certificate.look();
    expect(changed).toHaveBeenCalledTimes(1);
  });

  it("stays where its replacement is broken, which is named, and named once", async () => {
    await put(second.cert, files.cert);
    for (let i = 0; i < 5; i++) certificate.look();
    expect(certificate.context.cert).toBe(await pem());
    expect(certificate.fault).toMatch(/^CITYWALL_TLS_KEY: .* is not the key of/);
    expect(certificate.words).toMatch(/is not the key of .*; the last good one stays in force/);
    expect(said.length).toBe(1);
    await rm(files.key);
    for (let i = 0; i < 3; i++) certificate.look();
    expect([certificate.fault, said.length]).toEqual([expect.stringMatching(/cannot be read: ENOENT/), 2]);
    await put(second.key, files.key);
    for (let i = 0; i < 3; i++) certificate.look();
    expect([certificate.fault, certificate.context.cert]).toEqual([null, await readFile(second.cert, "utf8")]);
  });

  it("is not replaced by one that has ended", async () => {
    at = now + 91 * DAY;
    await put(second.cert, files.cert);
    await put(second.key, files.key);
    for (let i = 0; i < 3; i++) certificate.look();
    await put(first.cert, files.cert);
    await put(first.key, files.key);
    for (let i = 0; i < 3; i++) certificate.look();
    expect(certificate.fault).toMatch(/^CITYWALL_TLS_CERT: .* ended on/);
    expect(certificate.context.cert).toBe(await readFile(second.cert, "utf8"));
  });

  it("is told of from thirty days before its end on, once a day in the log", () => {
    at = now + 59 * DAY;
    certificate.look();
    expect([certificate.words, said]).toEqual([null, []]);
    at = now + 60.5 * DAY;
    certificate.look();
    certificate.look();
    expect(certificate.words).toMatch(/^ends in 29 days, on 20\d\d-\d\d-\d\d$/);
    expect(said).toEqual([expect.stringMatching(/^citywall: the certificate .*live\.crt ends in 29 days/)]);
    at += DAY;
    certificate.look();
    expect(said.length).toBe(2);
    at = now + 91 * DAY;
    certificate.look();
    expect(certificate.words).toMatch(/^ended on /);
    expect(Math.round(certificate.secondsLeft / 86_400)).toBe(-1);
  });
});
