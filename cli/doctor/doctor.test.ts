import { spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkTile } from "../../components/widgets/check-tile";
import { screenTopics } from "../../components/widgets/screen-topics";
import { controlHere } from "../../lib/control/here";
import { giveNotice } from "../../lib/files/notices";
import { openGateway } from "../../lib/gateway/server";
import { makeCertificate } from "../../lib/gateway/test-certificate";
import { readEnvironment, type Variables } from "../../server/environment";
import { examine, judge } from "./doctor";
import type { DataFacts, Facts, Figures } from "./facts";
import { linesOf, statusOf, type Finding } from "./finding";

const NOW = Date.parse("2026-12-01T12:00:00Z");
const DAY = 86_400_000;
const GIGABYTE = 1e9;

const DATA: DataFacts = {
  open: [],
  newest: NOW,
  tokensFault: null,
  free: 50 * GIGABYTE,
  notices: [],
  aside: 0,
  journal: 0,
  backup: NOW - DAY,
};

/** An installation in which all is well, but for what is told. */
function facts(more: Partial<Facts> = {}, variables: Variables = {}): Facts {
  return {
    now: NOW,
    node: "22.11.0",
    environment: readEnvironment(variables),
    variables,
    gateway: { kind: "stopped", url: "http://127.0.0.1:3000" },
    data: DATA,
    tls: null,
    secrets: [],
    cities: { good: ["a"], warnings: [], issues: [] },
    spill: GIGABYTE,
    isBuilt: true,
    synchronised: true,
    ...more,
  };
}

const TLS = { fault: null, until: NOW + 90 * DAY, keyMode: 0o100600, unnamed: [] };
const running = (parts: Record<string, string>, reason: string | null = null, clockSteps = 0): Partial<Facts> => ({
  gateway: {
    ...{ kind: "running", url: "http://127.0.0.1:3000", reason },
    ...{ parts: { clock: "ok", ...parts }, figures: { clockSteps } },
  },
});
const counting = (figures: Figures): Partial<Facts> => ({
  gateway: { kind: "running", url: "http://127.0.0.1:3000", reason: null, parts: { clock: "ok" }, figures },
});
const data = (more: Partial<DataFacts>): Partial<Facts> => ({ data: { ...DATA, ...more } });
const OPEN = { HOST: "0.0.0.0", CITYWALL_HOSTS: "wall.example.org" };
const told = (findings: Finding[]): string[] =>
  findings.filter(({ level }) => level !== "ok").map(({ level, part }) => `${level} ${part}`);

describe("what is found", () => {
  it("is nothing where all is well, stopped and running, on loopback, behind TLS", () => {
    expect(told(judge(facts()))).toEqual([]);
    expect(told(judge(facts(running({ history: "ok", pages: "ok", cities: "ok" }))))).toEqual([]);
    expect(told(judge(facts({ tls: TLS }, OPEN)))).toEqual([]);
    expect(told(judge(facts({}, { CITYWALL_TRUSTED_PROXIES: "127.0.0.1" })))).toEqual([]);
    expect(told(judge(facts({ data: null, synchronised: null, spill: null })))).toEqual([]);
  });

  const cases: [string, Partial<Facts>, Variables, string[]][] = [
    ["a Node that is too old", { node: "20.18.3" }, {}, ["fault node"]],
    ["a Node that it is not tested with", { node: "23.1.0" }, {}, ["warning node"]],
    ["a name that means nothing", {}, { CITYWALL_RATES: "1" }, ["warning environment"]],
    ["an address of its own without TLS", {}, { HOST: "10.0.0.9" }, ["fault reach"]],
    ["other machines without TLS", {}, OPEN, ["fault reach"]],
    ["other machines past a proxy", {}, { ...OPEN, CITYWALL_TRUSTED_PROXIES: "10.0.0.7" }, ["warning reach"]],
    ["no name but its own", { tls: TLS }, { ...OPEN, CITYWALL_HOSTS: "" }, ["warning hosts"]],
    ["everybody for a proxy", {}, { CITYWALL_TRUSTED_PROXIES: "0.0.0.0/0, ::/0" }, ["fault proxies", "fault proxies"]],
    ["a certificate that cannot be used", { tls: { ...TLS, fault: "broken" } }, OPEN, ["fault certificate"]],
    ["a certificate that ends soon", { tls: { ...TLS, until: NOW + 29 * DAY } }, OPEN, ["warning certificate"]],
    ["a certificate that has ended", { tls: { ...TLS, until: NOW - DAY } }, OPEN, ["fault certificate"]],
    ["a certificate for other names", { tls: { ...TLS, unnamed: ["wall"] } }, OPEN, ["warning certificate"]],
    ["a key that all may read", { tls: { ...TLS, keyMode: 0o100644 } }, OPEN, ["fault key"]],
    [
      "a secret that all may read",
      { secrets: [{ setting: "A_FILE", file: "/a", mode: 0o100604 }] },
      {},
      ["fault secrets"],
    ],
    ["a folder open to others", data({ open: [".", "a"] }), {}, ["fault data"]],
    ["no backup", data({ backup: null }), {}, ["warning backup"]],
    ["an old backup", data({ backup: NOW - 3 * DAY - 1 }), {}, ["warning backup"]],
    ["a folder that cannot be read", { data: new Error("EACCES") }, {}, ["fault data"]],
    ["little room", data({ free: 0.9 * GIGABYTE }), {}, ["warning disk"]],
    ["room as it was set", data({ free: 0.9 * GIGABYTE }), { CITYWALL_DISK_WARN: "800" }, []],
    ["next to no room", data({ free: 1e6 }), {}, ["fault disk"]],
    ["a broken file of tokens", data({ tokensFault: "is empty" }), {}, ["fault tokens"]],
    ["items that were refused", data({ aside: 3 }), {}, ["warning aside"]],
    ["a journal that fills up", data({ journal: 0.6 * GIGABYTE }), {}, ["warning journal"]],
    ["files of a time to come", data({ newest: NOW + DAY }), {}, ["fault clock"]],
    ["a clock that follows no other", { synchronised: false }, {}, ["warning clock"]],
    ["pages that are not there", { isBuilt: false }, {}, ["fault build"]],
    [
      "cities with faults",
      { cities: { good: [], warnings: ["a"], issues: ["b"] } },
      {},
      ["fault cities", "warning cities"],
    ],
    ["a store that is behind", running({ history: "behind" }), {}, ["warning history"]],
    ["a store that is down", running({ history: "down" }), {}, ["fault history"]],
    ["a clock that was set", running({ clock: "was set back by 60 s at" }, null, 1), {}, ["warning clock"]],
    ["a clock that was set long ago", running({}, null, 2), {}, ["warning clock"]],
    ["a closed gateway that it has no token for", counting("unasked"), {}, []],
    ["a monitor's token that is refused", counting("refused"), {}, ["warning figures"]],
    ["figures that do not come", counting("unread"), {}, ["warning figures"]],
    ["pages that fail", running({ pages: "cannot render /: 500" }, "pages"), {}, ["fault gateway", "fault pages"]],
    ["descriptors that run out", running({ descriptors: "9 of 10 are open" }), {}, ["fault descriptors"]],
    ["an environment that is not Citywall's", running({ tls: "ok" }), {}, ["warning environment"]],
    ["a gateway that does not answer", { gateway: { kind: "silent", url: "u", holder: "7" } }, {}, ["fault gateway"]],
  ];
  it.each(cases)("is %s, with what mends it", (_what, more, variables, expected) => {
    const findings = judge(facts(more, variables));
    expect(told(findings)).toEqual(expected);
    for (const { level, mend } of findings) expect(mend === undefined).toBe(level === "ok");
  });

  it("ends with 0, 1 or 2, by the gravest, which is told last", () => {
    const [good, fair, bad] = (["ok", "warning", "fault"] as const).map((level) => ({
      level,
      part: level,
      says: "s",
      mend: "m",
    }));
    if (!good || !fair || !bad) throw new Error("three");
    expect([[], [good], [good, fair], [bad, fair]].map(statusOf)).toEqual([0, 0, 1, 2]);
    expect(linesOf([bad, good, fair])).toEqual([
      "✓ ok: s",
      "    → m",
      "! warning: s",
      "    → m",
      "✗ fault: s",
      "    → m",
      "",
      "1 fault(s), 1 warning(s)",
    ]);
  });
});

describe("an installation that is looked at", () => {
  let folder: string;
  let variables: Variables;
  const place = (name: string): string => path.join(folder, name);
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "citywall-doctor-"));
    await mkdir(place("data"), { mode: 0o700 });
    const kept = JSON.stringify({ at: new Date().toISOString() });
    await writeFile(place("data/last-backup.json"), kept, { mode: 0o600 });
    // A disk of any size is all right.
    variables = { CITYWALL_DATA: place("data"), CITYWALL_DISK_WARN: "0", CITYWALL_DISK_REFUSE: "0", PORT: "1" };
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** What is found, without what is the machine's own. */
  const found = async (more: Variables = {}): Promise<string[]> =>
    told(await examine({ ...variables, ...more })).filter((one) => !/ (clock|node|build)$/.test(one));

  it("is well as it is made", async () => {
    expect(await found()).toEqual([]);
    expect(await found({ CITYWALL_DATA: place("none") })).toEqual([]);
  });

  it("has its faults found while nothing runs", async () => {
    await rm(place("data/last-backup.json"));
    await writeFile(place("data/tokens.json"), "{", { mode: 0o600 });
    await writeFile(place("data/other"), "", { mode: 0o644 });
    giveNotice(place("data"), {
      what: "journal",
      id: "1",
      at: 0,
      file: "x",
      fault: "is damaged",
      kept: null,
      lost: 1,
      exact: true,
    });
    await chmod(place("data/notices"), 0o700);
    await mkdir(place("cities"));
    const secret = place("url");
    await writeFile(secret, "postgres://db/x", { mode: 0o644 });
    const { cert, key } = makeCertificate(folder, "wall", 9);
    await chmod(key, 0o644);
    const tls = {
      CITYWALL_TLS_CERT: cert,
      CITYWALL_TLS_KEY: key,
      CITYWALL_HOSTS: "wall.example.org,a.walls.example.org,other",
    };
    const open = {
      HOST: "0.0.0.0",
      CITYWALL_CITIES: place("cities"),
      DATABASE_URL_FILE: secret,
      ...tls,
    };
    expect(await found(open)).toEqual([
      ...["warning certificate", "fault key", "warning certificate", "fault secrets"],
      ...["fault data", "fault tokens", "warning notices", "warning backup", "warning cities"],
    ]);
  });

  it("tells of files that are ahead of the clock", async () => {
    await writeFile(place("data/x"), "", { mode: 0o600 });
    const ahead = Date.now() / 1000 + 86_400;
    await utimes(place("data/x"), ahead, ahead);
    expect((await examine(variables)).filter(({ part, level }) => part === "clock" && level === "fault")).toHaveLength(
      1,
    );
  });

  it("is asked where its gateway runs, and told of where that does not answer", async () => {
    const gateway = await openGateway({
      ...{ host: "127.0.0.1", port: 0, data: place("data"), cities: path.resolve("cities"), pagesPort: null },
      ...{ checkTile, build: "test", tick: 10 },
    });
    try {
      const findings = await examine({ ...variables, PORT: String(gateway.port) });
      expect(findings.find(({ part }) => part === "gateway")?.says).toBe(`runs at http://127.0.0.1:${gateway.port}`);
    } finally {
      await gateway.close();
    }
  });

  it("is read with a monitor's token where everybody signs in, whose file alone is named", async () => {
    const control = await controlHere({ data: place("data") });
    const gateway = await openGateway({
      ...{ host: "127.0.0.1", port: 0, data: place("data"), cities: path.resolve("cities"), pagesPort: null },
      ...{ checkTile, build: "test", tick: 10, control, closed: true, screenTopics },
    });
    try {
      const at = { ...variables, PORT: String(gateway.port) };
      const figures = async (more: Variables): Promise<string | undefined> =>
        (await examine({ ...at, ...more })).find(({ part }) => part === "figures")?.says;
      expect(await figures({})).toContain("CITYWALL_MONITOR_TOKEN has no token");
      expect(await figures({ CITYWALL_MONITOR_TOKEN: "cw_made-up" })).toContain("is refused");
      const wish = { kind: "monitor", city: null, feed: null, backfill: false, expires: null } as const;
      const by = { who: "test", address: "" };
      const { secret } = await control.call("tokenCreate", { ...wish, addresses: null, note: "", by });
      const file = place("monitor-token");
      await writeFile(file, `${secret}\n`, { mode: 0o600 });
      expect(await figures({ CITYWALL_MONITOR_TOKEN_FILE: file })).toBeUndefined();
      expect(await found({ ...at, CITYWALL_MONITOR_TOKEN_FILE: file })).toEqual([]);
    } finally {
      await gateway.close();
    }
  });

  it("is told of as JSON with an exit status, also where a setting is wrong", { timeout: 60_000 }, () => {
    const { status, stdout } = spawnSync(process.execPath, ["bin/citywall.mjs", "doctor", "--json"], {
      env: { PATH: process.env.PATH, CITYWALL_RATE: "abc" } as unknown as NodeJS.ProcessEnv,
      encoding: "utf8",
    });
    const told = JSON.parse(stdout) as { status: number; findings: Finding[] };
    expect([status, told.status]).toEqual([2, 2]);
    expect(told.findings).toEqual([
      expect.objectContaining({ part: "environment", says: 'CITYWALL_RATE: must be a number above 0, is "abc"' }),
    ]);
  });
});
