import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkTile } from "../../components/widgets/check-tile";
import { Catalogue } from "../cities/catalogue";
import { lines, verify } from "../control/audit";
import type { ControlAsk } from "../control/remote";
import { ENGINES, TestControl } from "../control/test-engines";
import { ConfigurationLog } from "./configuration-log";
import { makeSite, type TestSite } from "./test-site";

const OWNER = `owner ${os.userInfo().username}`;
const SCREEN = "lianyungang/screens/overview.json";

interface Line {
  who: string;
  action: string;
  object: string;
  detail: Record<string, string>;
}

describe.each(ENGINES)("changed files, %s", (engine) => {
  let site: TestSite;
  let root: string;
  let control: TestControl;
  let catalogue: Catalogue;
  let log: ConfigurationLog;
  let isAway: boolean;

  /** As a start does: what an earlier run held in memory is gone. */
  async function begin(): Promise<void> {
    catalogue = new Catalogue(root, checkTile);
    const call: ControlAsk["call"] = (method, params) =>
      isAway ? Promise.reject(new Error("away")) : control.call(method, params);
    log = new ConfigurationLog({ root, catalogue, control: { call, onChange: () => {}, close: async () => {} } });
    await look();
  }
  async function look(): Promise<void> {
    await catalogue.look();
    log.look();
    await log.settled();
  }
  const at = (file: string): string => path.join(root, file);
  const read = (file: string): Promise<string> => readFile(at(file), "utf8");
  const sum = async (file: string): Promise<string> =>
    createHash("sha256")
      .update(await readFile(at(file)))
      .digest("hex");
  /** the lines since the last time it was asked, the oldest first */
  let seen = 0;
  async function told(): Promise<Line[]> {
    const found = await lines(control.db, { after: seen, oldestFirst: true });
    seen = found.at(-1)?.seq ?? seen;
    return found.map(({ who, action, object, detail }) => ({
      ...{ who, action, object },
      detail: JSON.parse(detail) as Record<string, string>,
    }));
  }
  async function change(file: string, by: (text: string) => string): Promise<void> {
    await writeFile(at(file), by(await read(file)));
  }

  beforeEach(async () => {
    site = await makeSite(checkTile);
    root = path.join(site.folder, "cities");
    control = await TestControl.open(engine);
    [isAway, seen] = [false, 0];
    await begin();
  });
  afterEach(async () => {
    await control.drop();
    await site.drop();
  });

  it("are none at a first start, which has nothing to compare with, nor while nothing changes", async () => {
    await look();
    expect(await told()).toEqual([]);
    const known = await control.call("configurationFiles", {});
    expect(known.find(({ file }) => file === SCREEN)).toEqual({
      ...{ file: SCREEN, hash: await sum(SCREEN), why: null, who: OWNER },
      modified: Math.floor((await stat(at(SCREEN))).mtimeMs),
    });
    for (const file of [
      "indicators.json",
      "lianyungang/city.json",
      "lianyungang/metrics.json",
      "guangdong/screens/overview.json",
    ])
      expect(known.map((one) => one.file)).toContain(file);
    // A time alone is no change.
    await utimes(at(SCREEN), new Date(0), new Date(0));
    await look();
    expect(await told()).toEqual([]);
  });

  it("are told with what they held before and after, whose they are and when they were written", async () => {
    const before = await sum(SCREEN);
    await change(SCREEN, (text) => text.replace(/"order": *\d+/, '"order": 7'));
    const written = new Date("2026-11-30T22:15:00Z");
    await utimes(at(SCREEN), written, written);
    await look();
    expect(await told()).toEqual([
      {
        ...{ who: OWNER, action: "file.change", object: "screen lianyungang/overview" },
        detail: { file: SCREEN, before, after: await sum(SCREEN), modified: written.toISOString() },
      },
    ]);
    await change("lianyungang/metrics.json", (text) => `${text}\n`);
    await change("indicators.json", (text) => `${text}\n`);
    await look();
    expect((await told()).map(({ action, object }) => `${action} ${object}`)).toEqual([
      "file.change file lianyungang/metrics.json",
      "file.change file indicators.json",
    ]);
  });

  it("are told when they come and when they go, of whom nobody knows who did it", async () => {
    await writeFile(at("lianyungang/screens/night.json"), await read(SCREEN));
    await look();
    const after = await sum("lianyungang/screens/night.json");
    await rm(at("lianyungang/screens/night.json"));
    await look();
    await look();
    expect(await told()).toMatchObject([
      { who: OWNER, action: "file.add", object: "screen lianyungang/night", detail: { after } },
      { who: "file-system", action: "file.remove", object: "screen lianyungang/night", detail: { before: after } },
    ]);
    expect((await control.call("configurationFiles", {})).map(({ file }) => file)).not.toContain(
      "lianyungang/screens/night.json",
    );
  });

  it("that are faulty are told as refused, with the field, and as changed once they are mended", async () => {
    const [text, before] = [await read(SCREEN), await sum(SCREEN)];
    await change(SCREEN, (good) => good.replace(/"order": *\d+/, '"order": "first"'));
    await look();
    await look();
    const bad = await sum(SCREEN);
    const [refused, ...more] = await told();
    expect(refused).toMatchObject({ who: OWNER, action: "file.refuse", detail: { before, after: bad } });
    expect([refused?.detail.why, more]).toEqual([expect.stringMatching(/overview\.json: order /), []]);
    await writeFile(at(SCREEN), text);
    await look();
    expect(await told()).toMatchObject([{ action: "file.change", detail: { before: bad, after: before } }]);
  });

  it("of a place one of whose files is faulty are told when they come into force, and that file at once", async () => {
    const city = "lianyungang/city.json";
    const text = await read(city);
    await writeFile(at(city), "{");
    await change("lianyungang/districts.geojson", (outlines) => `${outlines}\n`);
    await look();
    const [refused, ...more] = await told();
    expect([refused?.action, refused?.object, more]).toEqual(["file.refuse", `file ${city}`, []]);
    expect(refused?.detail.why).toMatch(/city\.json: \(file\) is not JSON/);
    await writeFile(at(city), text);
    await look();
    expect((await told()).map(({ action, object }) => `${action} ${object}`).sort()).toEqual([
      `file.change file ${city}`,
      "file.change file lianyungang/districts.geojson",
    ]);
  });

  it("of a new place that cannot be used are told as refused", async () => {
    await mkdir(at("newtown"));
    await writeFile(at("newtown/city.json"), "[]");
    await look();
    await look();
    expect(await told()).toMatchObject([{ action: "file.refuse", object: "file newtown/city.json" }]);
  });

  it("with colours that cannot be used are told as refused, and all else of the place is in force", async () => {
    await writeFile(at("guangdong/theme.json"), '{"themes": 1}');
    await look();
    expect(await told()).toMatchObject([
      {
        action: "file.refuse",
        object: "file guangdong/theme.json",
        detail: { why: expect.stringContaining("theme.json:") as string },
      },
    ]);
  });

  it("while nothing ran are told at the next start: what came, went and changed, and what is not in force", async () => {
    await change(SCREEN, (text) => text.replace(/"order": *\d+/, '"order": 8'));
    await writeFile(at("lianyungang/screens/night.json"), "{}");
    await rm(at("guangdong/surroundings.geojson"));
    await begin();
    const found = (await told()).map(({ action, object }) => `${action} ${object}`);
    expect(found.sort()).toEqual([
      "file.change screen lianyungang/overview",
      "file.refuse screen lianyungang/night",
      "file.remove file guangdong/surroundings.geojson",
    ]);
    await begin();
    expect([await told(), (await verify(control.db)).ok]).toEqual([[], true]);
  });

  it("of how long the past is kept are told at the start that goes by them", async () => {
    await writeFile(at("history.json"), '{"keep": {"events": 400}}');
    await look();
    expect(await told()).toEqual([]);
    await begin();
    await rm(at("history.json"));
    await look();
    expect((await told()).map(({ action, object }) => `${action} ${object}`)).toEqual([
      "file.add file history.json",
      "file.remove file history.json",
    ]);
  });

  it("are told once the control data can be asked again, each once", async () => {
    isAway = true;
    await change(SCREEN, (text) => text.replace(/"order": *\d+/, '"order": 9'));
    await look();
    await look();
    expect(await told()).toEqual([]);
    isAway = false;
    await look();
    await look();
    expect((await told()).map(({ action }) => action)).toEqual(["file.change"]);
  });

  it("are none where the folder cannot be seen: files that nobody can look at are not gone", async () => {
    await rename(root, `${root}.away`);
    await look();
    await mkdir(root);
    await look();
    expect(await told()).toEqual([]);
    await rm(root, { recursive: true });
    await rename(`${root}.away`, root);
    await look();
    expect(await told()).toEqual([]);
  });

  it("are none where the screens of a place cannot be seen either", async () => {
    const screens = at("lianyungang/screens");
    await rename(screens, `${screens}.away`);
    await writeFile(screens, "a file stands where the folder was");
    await look();
    await rm(screens);
    await rename(`${screens}.away`, screens);
    await look();
    expect(await told()).toEqual([]);
  });
});
