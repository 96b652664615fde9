import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";

/** Says how nice each of its threads is: the one that answers, and the others. */
const SAYS = `
  const { giveWay } = await import(${JSON.stringify(path.resolve(import.meta.dirname, "give-way.ts"))});
  const { readdirSync, readFileSync } = await import("node:fs");
  await giveWay();
  const nice = (id) => Number(readFileSync("/proc/self/task/" + id + "/stat", "utf8").split(") ")[1].split(" ")[16]);
  const others = readdirSync("/proc/self/task").filter((id) => Number(id) !== process.pid);
  console.log(JSON.stringify([nice(process.pid), others.filter((id) => nice(id) === 10).length >= 4]));
`;

it.runIf(existsSync("/proc/self/task"))("long work gives way to other processes, and answers do not", () => {
  const { stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", SAYS], {
    encoding: "utf8",
    cwd: path.resolve(import.meta.dirname, "../.."),
  });
  expect([stderr, stdout.trim()]).toEqual(["", "[0,true]"]);
});
