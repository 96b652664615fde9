import { cp, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ScreenMessage } from "../contract/socket-messages";
import { Catalogue } from "./catalogue";

const OWN = path.resolve(import.meta.dirname, "../../cities");

let folder: string;
let root: string;
let catalogue: Catalogue;
let announced: ScreenMessage[];
const file = (name: string): string => path.join(root, "lianyungang", name);
const ids = (): string[] => catalogue.cities().map(({ id }) => id);
const screens = (): unknown =>
  [...catalogue.screens("lianyungang")].map(([id, { layout, error }]) => [id, layout !== null, error]);

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "citywall-catalogue-"));
  root = path.join(folder, "cities");
  for (const name of ["lianyungang", "zhengzhou", "indicators.json"])
    await cp(path.join(OWN, name), path.join(root, name), { recursive: true });
  catalogue = new Catalogue(root, () => []);
  await catalogue.look();
  announced = [];
  catalogue.onScreen((message) => announced.push(message));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("Catalogue", () => {
  it("refuses to begin with a folder that cannot be read", async () => {
    await expect(new Catalogue(path.join(folder, "none"), () => []).look()).rejects.toThrow(/ENOENT/);
  });

  it("keeps the last good configuration while the folder is gone, says so, and takes up again", async () => {
    const before = [ids(), screens(), catalogue.indicators];
    await rename(root, `${root}.away`);
    await catalogue.look();
    expect([ids(), screens(), catalogue.indicators]).toEqual(before);
    expect(catalogue.unreadable).toMatch(/ENOENT/);
    await writeFile(root, "a file stands where the folder was");
    await catalogue.look();
    expect(catalogue.unreadable).toMatch(/ENOTDIR/);
    await rm(root);
    await rename(`${root}.away`, root);
    await catalogue.look();
    expect(catalogue.unreadable).toBeNull();
    expect([ids(), screens(), catalogue.indicators, announced]).toEqual([...before, []]);
    const screen = file("screens/overview.json");
    await writeFile(screen, (await readFile(screen, "utf8")).replace(/"order": *\d+/, '"order": 77'));
    await catalogue.look();
    expect(catalogue.screens("lianyungang").get("overview")?.layout?.order).toBe(77);
  });

  it("keeps a city whose folder is gone, says so, and takes up again", async () => {
    const before = [ids(), screens()];
    await rename(path.join(root, "lianyungang"), path.join(folder, "away"));
    await catalogue.look();
    expect([ids(), screens(), announced]).toEqual([...before, []]);
    expect(catalogue.broken.get("lianyungang")).toMatch(/lianyungang: the folder is gone/);
    await rename(path.join(folder, "away"), path.join(root, "lianyungang"));
    await catalogue.look();
    expect([...catalogue.broken]).toEqual([]);
    expect([ids(), screens()]).toEqual(before);
  });

  it("keeps a city whose file is half written, says so, and takes the whole one", async () => {
    const text = await readFile(file("city.json"), "utf8");
    await writeFile(file("city.json"), text.slice(0, 200));
    await catalogue.look();
    expect(ids()).toContain("lianyungang");
    expect(catalogue.broken.get("lianyungang")).toMatch(/city\.json: .*is not JSON/);
    await writeFile(file("city.json"), text.replace(/"order": *\d+/, '"order": 99'));
    await catalogue.look();
    expect([...catalogue.broken]).toEqual([]);
    expect(ids().at(-1)).toBe("lianyungang");
  });

  it("keeps what a city lost the right to read, and takes up again although no file has changed", async () => {
    const before = [ids(), screens()];
    const hidden = file("metrics.json");
    const away = path.join(folder, "metrics.json");
    await rename(hidden, away);
    await catalogue.look();
    expect(catalogue.broken.get("lianyungang")).toMatch(/metrics\.json: .*cannot be read/);
    expect([ids(), screens(), announced]).toEqual([...before, []]);
    await rename(away, hidden);
    await catalogue.look();
    expect([...catalogue.broken]).toEqual([]);
    expect([ids(), screens()]).toEqual(before);
  });

  it("has a place's own colours, keeps the last good ones, names the field that is wrong and tells its walls", async () => {
    const themes = (): unknown => catalogue.city("lianyungang")?.facts.ownThemes;
    const told = () => announced.filter(({ screen }) => screen === "overview").at(-1);
    const accent = { night: { tokens: { accent: "#4477ff" } } };
    await writeFile(file("theme.json"), JSON.stringify(accent));
    await catalogue.look();
    expect([themes(), told()?.theme, told()?.error]).toEqual([accent, { own: accent }, null]);
    await writeFile(file("theme.json"), JSON.stringify({ night: { tokens: { accent: "blue", acent: "#4477ff" } } }));
    await catalogue.look();
    expect(catalogue.broken.get("lianyungang")).toMatch(
      /theme\.json: .*night\.tokens\.accent must be a colour as #rrggbb/,
    );
    expect(catalogue.broken.get("lianyungang")).toMatch(/acent/);
    expect([themes(), told()?.theme]).toEqual([accent, { own: accent }]);
    expect(told()?.error).toBe(catalogue.broken.get("lianyungang"));
    expect(screens()).toEqual((screens() as [string, boolean][]).map(([id]) => [id, true, null]));
    await rm(file("theme.json"));
    await catalogue.look();
    expect([themes(), told()?.theme, told()?.error, [...catalogue.broken]]).toEqual([undefined, undefined, null, []]);
  });

  it("shows a place whose colours are wrong from the start, and one that says by what its theme turns", async () => {
    await writeFile(file("theme.json"), "{");
    await writeFile(
      file("city.json"),
      (await readFile(file("city.json"), "utf8")).replace("{", '{ "theme": { "by": "clock", "day": "07:30" },'),
    );
    const fresh = new Catalogue(root, () => []);
    await fresh.look();
    expect(fresh.broken.get("lianyungang")).toMatch(/theme\.json: .*is not JSON/);
    expect(fresh.message("lianyungang", "overview")).toMatchObject({
      layout: {},
      theme: { setting: { by: "clock", day: "07:30" } },
    });
  });

  it("logs a folder that goes and comes back once each, while it watches", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const watching = new Catalogue(root, () => []);
    await watching.open();
    await rename(root, `${root}.away`);
    await vi.waitFor(() => expect(watching.unreadable).not.toBeNull(), { timeout: 30_000 });
    await rename(`${root}.away`, root);
    const said = (): string[] => log.mock.calls.map(([line]) => String(line));
    // The line comes after the state that it tells of.
    await vi.waitFor(() => expect(said()).toContain("citywall: cities can be read again"), { timeout: 30_000 });
    expect(watching.unreadable).toBeNull();
    watching.close();
    const lines = said();
    log.mockRestore();
    expect(lines).toEqual([
      expect.stringMatching(/^citywall: cities cannot be read: ENOENT.*; what was read last stays$/),
      "citywall: cities can be read again",
    ]);
  });
});
