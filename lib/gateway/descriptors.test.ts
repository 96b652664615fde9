import { spawnSync } from "node:child_process";
import { mkdtempSync, openSync, closeSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ROOT } from "../../server/programs.mjs";
import { Descriptors, type DescriptorCount } from "./descriptors";

const of = (count: DescriptorCount | null) => {
  const looked = { times: 0 };
  const held = { count };
  const clock = { at: 0 };
  const descriptors = new Descriptors(
    () => clock.at,
    () => {
      looked.times++;
      return held.count;
    },
  );
  return { descriptors, looked, held, clock };
};

describe("Descriptors", () => {
  it.each([
    [0, "ok", null],
    [799, "ok", null],
    [800, "low", "800 of 1000 are open"],
    [949, "low", "949 of 1000 are open"],
    [950, "out", "950 of 1000 are open"],
    [1_000, "out", "1000 of 1000 are open"],
  ])("of %i of 1,000 says %s", (open, state, words) => {
    const { descriptors } = of({ open, limit: 1_000 });
    expect([descriptors.state, descriptors.words]).toEqual([state, words]);
  });

  it("says nothing where the system tells nothing", () => {
    const { descriptors } = of(null);
    expect([descriptors.count, descriptors.state, descriptors.words]).toEqual([null, "ok", null]);
  });

  it("looks once a second at the most, however often it is asked, and has it right a second later", () => {
    const { descriptors, looked, held, clock } = of({ open: 1, limit: 100 });
    for (let i = 0; i < 50; i++) expect(descriptors.state).toBe("ok");
    held.count = { open: 99, limit: 100 };
    clock.at = 999;
    expect([descriptors.state, looked.times]).toEqual(["ok", 1]);
    clock.at = 1_000;
    expect([descriptors.state, looked.times]).toEqual(["out", 2]);
  });
});

describe.runIf(process.platform === "linux")("what Linux tells", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), "citywall-descriptors-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("counts a file for as long as it is open", () => {
    const count = (): number => new Descriptors().count?.open ?? NaN;
    const before = count();
    const file = path.join(folder, "a");
    writeFileSync(file, "");
    const open = Array.from({ length: 20 }, () => openSync(file, "r"));
    expect(count()).toBe(before + 20);
    for (const one of open) closeSync(one);
    expect(count()).toBe(before);
  });

  it("goes by the limit of its own process, also when not even one is left to look with", () => {
    const script = path.join(folder, "look.ts");
    const module = path.join(ROOT, "lib/gateway/descriptors.ts");
    writeFileSync(
      script,
      `import { openSync } from "node:fs";
      import { Descriptors } from ${JSON.stringify(module)};
      const before = new Descriptors().count;
      try { for (;;) openSync("/dev/null", "r"); } catch {}
      const after = new Descriptors(() => 1e9).count ?? null;
      process.stdout.write(JSON.stringify({ before, after }));`,
    );
    const { stdout, stderr } = spawnSync(
      "sh",
      ["-c", `ulimit -n 128; exec "${process.execPath}" --import tsx "${script}"`],
      { cwd: ROOT, encoding: "utf8" },
    );
    expect(stderr).toBe("");
    const told = JSON.parse(stdout) as { before: DescriptorCount; after: DescriptorCount };
    expect(told.before.limit).toBe(128);
    expect(told.before.open).toBeLessThan(100);
    expect(told.after).toEqual({ open: 128, limit: 128 });
  });
});
