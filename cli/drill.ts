import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

/** The `drill` command: turns a mock system's drill on or off in the switches that running mock feeds read. */
export async function drill(data: string, system: string, stop: boolean): Promise<void> {
  const file = path.join(data, "mock-switches.json");
  const switches = JSON.parse(await readFile(file, "utf8").catch(() => "{}")) as Record<string, string[]>;
  const others = (switches[system] ?? []).filter((name) => name !== "drill");
  switches[system] = stop ? others : [...others, "drill"];
  await mkdir(data, { recursive: true, mode: 0o700 });
  await writeFile(file, `${JSON.stringify(switches, null, 2)}\n`);
  console.log(
    stop ? `The drill of ${system} is over.` : `The drill of ${system} begins in five minutes; --stop ends it.`,
  );
}
