import type { ChildProcess } from "node:child_process";
import path from "node:path";
import readExcelFile from "read-excel-file/node";
import { beforeAll, expect, it } from "vitest";
import { Catalogue } from "../lib/cities/catalogue";
import type { CityFacts } from "../lib/contract/city";
import { heldHere } from "../lib/contract/columns";
import { filesApart, type ExportJob } from "../lib/gateway/export-files";
import { forkProgram } from "./processes";

const TOPIC = "reading/lianyungang/all/cases-today";
let city: CityFacts;
let child: ChildProcess;
const launch = (megabytes: number) => (): ChildProcess => {
  child = forkProgram("exporter", process.env, {
    serialization: "advanced",
    stdio: ["ignore", "pipe", "ignore", "ipc"],
    execArgv: [`--max-old-space-size=${megabytes}`],
  });
  return child;
};

beforeAll(async () => {
  const catalogue = new Catalogue(path.resolve(import.meta.dirname, "../cities"), () => []);
  await catalogue.look();
  city = catalogue.city("lianyungang")?.facts as CityFacts;
});

function job(rows: number): ExportJob {
  const at = Array.from({ length: rows }, (_, i) => 1_795_000_000_000 + i * 1_000);
  return {
    format: "xlsx",
    answer: heldHere({
      series: [{ topic: TOPIC, at, values: { avg: at.map((_, i) => i) } }],
      completeUntil: 0,
      provisionalFrom: null,
    }),
    query: {
      ...{ topics: [TOPIC], from: at[0] as number, to: (at[0] as number) + rows * 1_000, step: 1_000 },
      ...{ aggregates: ["avg"], fill: "zero", timeZone: "Asia/Shanghai" },
    },
    city,
    lang: "en",
  };
}

const isGone = (): boolean => child.exitCode !== null || child.signalCode !== null;

it("a workbook is made by a process of its own, which ends with it", { timeout: 60_000 }, async () => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of filesApart(launch(512))(job(300), new AbortController().signal)) chunks.push(chunk);
  const [sheet] = await readExcelFile(Buffer.concat(chunks));
  expect(sheet?.data).toHaveLength(301);
  await expect.poll(isGone).toBe(true);
});

it("whoever leaves takes the process with him, in the middle of its work", { timeout: 60_000 }, async () => {
  const off = new AbortController();
  const file = filesApart(launch(2_048))(job(200_000), off.signal)[Symbol.asyncIterator]();
  const first = file.next();
  first.catch(() => {});
  await expect.poll(() => child?.pid).toBeGreaterThan(0);
  off.abort(new Error("left"));
  await expect(first).rejects.toThrow("left");
  await expect.poll(isGone).toBe(true);
});

it(
  "a file that needs more memory than it may have is refused, and says what to ask instead",
  { timeout: 90_000 },
  async () => {
    const file = filesApart(launch(60))(job(200_000), new AbortController().signal)[Symbol.asyncIterator]();
    await expect(file.next()).rejects.toMatchObject({
      status: 422,
      message: expect.stringMatching(/^format: takes more than 1024 MB to make; ask for csv/) as string,
    });
  },
);

it("ends when whoever started it is gone", { timeout: 60_000 }, async () => {
  const alone = launch(512)();
  alone.disconnect();
  await expect.poll(() => alone.exitCode !== null || alone.signalCode !== null, { timeout: 20_000 }).toBe(true);
});
