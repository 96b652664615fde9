import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import {
  absolute,
  isClosed,
  readEnvironment,
  oidcSettings,
  SECRETS,
  tlsFiles,
  unknownNames,
  withoutSecrets,
  type Variables,
} from "./environment";

/** Secrets of which a value can be wrong. */
const CHECKED: readonly string[] = ["DATABASE_URL", "CITYWALL_TOKENS"];

describe("readEnvironment", () => {
  it("has the defaults of README's table, also for what is set to nothing", () => {
    const bare = readEnvironment({});
    expect(bare).toMatchObject({
      PORT: 3000,
      HOST: "127.0.0.1",
      CITYWALL_HOSTS: [],
      CITYWALL_DATA: path.resolve("data"),
      CITYWALL_CITIES: path.resolve("cities"),
      CITYWALL_HISTORY: true,
      CITYWALL_SEED_DAYS: 7,
      CITYWALL_RATE: 100,
      CITYWALL_MOCKS: true,
      CITYWALL_MOCK_SPEED: 1,
      CITYWALL_MOCK_SEED: 1,
    });
    expect(bare.DATABASE_URL).toBeUndefined();
    expect(readEnvironment({ PORT: "", DATABASE_URL: "", CITYWALL_RATE: "", DATABASE_URL_FILE: "" })).toEqual(bare);
  });

  it("reads what is set", () => {
    expect(
      readEnvironment({
        PORT: "8080",
        HOST: "0.0.0.0",
        CITYWALL_HOSTS: "wall.example.org, 10.0.0.9",
        CITYWALL_TRUSTED_PROXIES: "10.0.0.0/8, fd00::7",
        CITYWALL_DATA: "/srv/citywall",
        DATABASE_URL: "postgres://citywall@db/citywall?options=-c%20search_path%3Da",
        CITYWALL_HISTORY: "0",
        CITYWALL_SEED_DAYS: "0.5",
        CITYWALL_RATE: "1000000000",
        CITYWALL_MOCK_CITIES: "hangzhou, zhengzhou",
        CITYWALL_TOKENS: '{"*":"cw_x"}',
      }),
    ).toMatchObject({
      PORT: 8080,
      CITYWALL_HOSTS: ["wall.example.org", "10.0.0.9"],
      CITYWALL_TRUSTED_PROXIES: ["10.0.0.0/8", "fd00::7"],
      CITYWALL_DATA: "/srv/citywall",
      CITYWALL_HISTORY: false,
      CITYWALL_SEED_DAYS: 0.5,
      CITYWALL_RATE: 1e9,
      CITYWALL_MOCK_CITIES: ["hangzhou", "zhengzhou"],
      CITYWALL_TOKENS: { "*": "cw_x" },
    });
  });

  it.each([
    ["PORT", "abc"],
    ["PORT", "65536"],
    ["PORT", "80.5"],
    ["HOST", "http://127.0.0.1"],
    ["HOST", "127.0.0.1:3000"],
    ["CITYWALL_HOSTS", "wall.example.org:443"],
    ["CITYWALL_HOSTS", "wall, a b"],
    ["CITYWALL_TRUSTED_PROXIES", "proxy.example.org"],
    ["CITYWALL_TRUSTED_PROXIES", "10.0.0.0/8, 10.0.0.0/40"],
    ["CITYWALL_HISTORY", "false"],
    ["CITYWALL_SEED_DAYS", "a week"],
    ["CITYWALL_SEED_DAYS", "-1"],
    ["CITYWALL_AUDIT_DAYS", "182"],
    ["CITYWALL_RATE", "abc"],
    ["CITYWALL_RATE", "0"],
    ["CITYWALL_RATE", "Infinity"],
    ["CITYWALL_MOCKS", "off"],
    ["CITYWALL_MOCK_SPEED", "fast"],
    ["CITYWALL_MOCK_SEED", "1.5"],
    ["CITYWALL_MOCK_CITIES", "hangzhou;zhengzhou"],
    ["CITYWALL_MOCK_CITIES", ","],
    ["CITYWALL_PAGES_PORT", "x"],
    ["CITYWALL_URL", "localhost:3000"],
  ])("refuses %s=%s by its name and value", (name, value) => {
    expect(() => readEnvironment({ [name]: value })).toThrow(new RegExp(`^${name}: must be .*, is "${value}"$`));
  });

  it("refuses CITYWALL_OPEN, whatever it says, and tells what took its place", () => {
    for (const value of ["0", "1"])
      expect(() => readEnvironment({ CITYWALL_OPEN: value })).toThrow(
        /^CITYWALL_OPEN: is no setting any more: .*\/people/,
      );
    expect(readEnvironment({ CITYWALL_OPEN: "" }).HOST).toBe("127.0.0.1");
  });

  it("lets nobody in without sign-in where other machines can come", () => {
    const closed = (env: Variables): boolean => isClosed(readEnvironment(env));
    expect([{}, { HOST: "localhost" }, { HOST: "::1" }, { CITYWALL_HOSTS: "localhost" }].map(closed)).toEqual(
      Array.from({ length: 4 }, () => false),
    );
    expect(
      [
        { HOST: "0.0.0.0" },
        { HOST: "10.0.0.9" },
        { HOST: "wall.example.org" },
        { CITYWALL_TRUSTED_PROXIES: "127.0.0.1" },
        { CITYWALL_HOSTS: "wall.example.org" },
        { CITYWALL_SIGN_IN: "1" },
      ].map(closed),
    ).toEqual(Array.from({ length: 6 }, () => true));
  });

  it("takes a certificate with its key alone", () => {
    const files = { CITYWALL_TLS_CERT: "/etc/wall.crt", CITYWALL_TLS_KEY: "/etc/wall.key" };
    expect(tlsFiles(readEnvironment(files))).toEqual({ cert: "/etc/wall.crt", key: "/etc/wall.key" });
    expect(tlsFiles(readEnvironment({}))).toBeUndefined();
    expect(() => readEnvironment({ ...files, CITYWALL_TLS_KEY: "" })).toThrow(/^CITYWALL_TLS_KEY: is missing/);
    expect(() => readEnvironment({ ...files, CITYWALL_TLS_CERT: "" })).toThrow(/^CITYWALL_TLS_CERT: is missing/);
    expect(absolute({ CITYWALL_TLS_CERT: "wall.crt" }).CITYWALL_TLS_CERT).toBe(path.resolve("wall.crt"));
  });

  it("takes an issuer of identities with its client alone, and one without TLS on this machine alone", () => {
    const set = { CITYWALL_OIDC_ISSUER: "https://id.example.org/realms/city", CITYWALL_OIDC_CLIENT_ID: "citywall" };
    expect(oidcSettings(readEnvironment(set))).toEqual({
      issuer: "https://id.example.org/realms/city",
      clientId: "citywall",
      clientSecret: undefined,
      scope: "openid profile",
      title: "id.example.org",
    });
    const more = {
      CITYWALL_OIDC_CLIENT_SECRET: "x",
      CITYWALL_OIDC_SCOPE: "openid groups",
      CITYWALL_OIDC_TITLE: "City ID",
    };
    expect(oidcSettings(readEnvironment({ ...set, ...more }))).toMatchObject({
      clientSecret: "x",
      scope: "openid groups",
      title: "City ID",
    });
    expect(oidcSettings(readEnvironment({}))).toBeUndefined();
    expect(() => readEnvironment({ ...set, CITYWALL_OIDC_CLIENT_ID: "" })).toThrow(
      /^CITYWALL_OIDC_CLIENT_ID: is missing/,
    );
    expect(() => readEnvironment({ ...set, CITYWALL_OIDC_ISSUER: "" })).toThrow(/^CITYWALL_OIDC_ISSUER: is missing/);
    for (const wrong of ["http://id.example.org", "id.example.org", "https://u:p@id.example.org"])
      expect(() => readEnvironment({ ...set, CITYWALL_OIDC_ISSUER: wrong })).toThrow(/^CITYWALL_OIDC_ISSUER: must be/);
    expect(() => readEnvironment({ CITYWALL_OIDC_SCOPE: "profile" })).toThrow(/^CITYWALL_OIDC_SCOPE: must be/);
  });

  it("names all that is wrong at once", () => {
    expect(() => readEnvironment({ PORT: "x", CITYWALL_RATE: "y" })).toThrow(/^PORT: .*; CITYWALL_RATE: /);
  });

  it("never prints a secret", () => {
    for (const name of SECRETS) {
      let said = "";
      try {
        readEnvironment({ [name]: "mysql://root:hunter2@db" });
      } catch (error) {
        said = (error as Error).message;
      }
      expect(said).toMatch(CHECKED.includes(name) ? new RegExp(`^${name}: must be`) : /^$/);
      expect(said).not.toContain("hunter2");
    }
  });

  it.each(SECRETS)("takes %s from a file, without the end of its line", async (name) => {
    const folder = await mkdtemp(path.join(os.tmpdir(), "citywall-env-"));
    const file = path.join(folder, "secret");
    const value = { DATABASE_URL: "postgres://db/x", CITYWALL_TOKENS: "{}" }[name as string] ?? "hunter2";
    for (const end of ["", "\n", "\r\n"]) {
      await writeFile(file, `${value}${end}`);
      expect(readEnvironment({ [`${name}_FILE`]: file })).toEqual(readEnvironment({ [name]: value }));
    }
    expect(() => readEnvironment({ [`${name}_FILE`]: file, [name]: value })).toThrow(
      new RegExp(`^${name}_FILE: ${name} is set as well`),
    );
    expect(() => readEnvironment({ [`${name}_FILE`]: folder })).toThrow(
      new RegExp(`^${name}_FILE: cannot be read: EISDIR`),
    );
    await rm(folder, { recursive: true });
  });

  it("takes a secret from a file", async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), "citywall-env-"));
    const file = path.join(folder, "url");
    await writeFile(file, "postgres://citywall:hunter2@db/citywall\n");
    expect(readEnvironment({ DATABASE_URL_FILE: file }).DATABASE_URL).toBe("postgres://citywall:hunter2@db/citywall");
    expect(() => readEnvironment({ DATABASE_URL_FILE: file, DATABASE_URL: "postgres://other/db" })).toThrow(
      /^DATABASE_URL_FILE: DATABASE_URL is set as well/,
    );
    expect(() => readEnvironment({ DATABASE_URL_FILE: `${file}.gone` })).toThrow(/^DATABASE_URL_FILE: cannot be read/);
    await writeFile(file, "\n");
    expect(() => readEnvironment({ DATABASE_URL_FILE: file })).toThrow(/^DATABASE_URL_FILE: .* is empty/);
    await rm(folder, { recursive: true });
  });

  it("reads every variable that README tells of", async () => {
    const readme = await readFile(path.resolve(import.meta.dirname, "../README.md"), "utf8");
    const table = readme.slice(readme.indexOf("| environment | |"), readme.indexOf("The mock feeds can be disturbed"));
    const names = table.match(/\b(?:CITYWALL_[A-Z_]+|DATABASE_URL|PORT|HOST)\b/g) ?? [];
    expect(names.length).toBeGreaterThan(10);
    expect(unknownNames(Object.fromEntries(names.map((name) => [name, "1"])))).toEqual([]);
  });
});

describe("unknownNames", () => {
  it("tells the nearest known name, where there is one that is near", () => {
    expect(
      unknownNames({
        CITYWALL_RATES: "1",
        CITYWALL_MOCK_CITY: "x",
        CITYWALL_ELEPHANTS: "1",
        CITYWALL_RATE: "1",
        A: "1",
      }),
    ).toEqual([
      "CITYWALL_RATES: is not known; did you mean CITYWALL_RATE?",
      "CITYWALL_MOCK_CITY: is not known; did you mean CITYWALL_MOCK_CITIES?",
      "CITYWALL_ELEPHANTS: is not known",
    ]);
  });
});

describe("withoutSecrets", () => {
  it("hands on everything else", () => {
    expect(withoutSecrets({ DATABASE_URL: "a", DATABASE_URL_FILE: "b", CITYWALL_TOKEN: "c", PATH: "/bin" })).toEqual({
      PATH: "/bin",
    });
    expect(withoutSecrets({ CITYWALL_PAGES_KEY: "a", CITYWALL_TOKENS_FILE: "b" })).toEqual({});
  });
});
