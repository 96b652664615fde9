import { mkdtemp, rm } from "node:fs/promises";
import type { FromStore, ToStore } from "../lib/history/client/remote";
import os from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { forkStore } from "./test-programs";

it(
  "a store whose gateway is gone before it stands ends by itself, and leaves the folder to the next",
  { timeout: 20_000 },
  async () => {
    const data = await mkdtemp(path.join(os.tmpdir(), "citywall-historian-"));
    const child = forkStore({ ...process.env, CITYWALL_DATA: data });
    const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
    child.disconnect();
    const tooLong = new Promise<string>((resolve) => setTimeout(() => resolve("still there"), 15_000).unref());
    const outcome = await Promise.race([ended, tooLong]);
    child.kill("SIGKILL");
    await rm(data, { recursive: true, force: true });
    expect(outcome).toBe(0);
  },
);

it("a store answers what it was asked while it was still loading", { timeout: 60_000 }, async () => {
  const data = await mkdtemp(path.join(os.tmpdir(), "citywall-historian-"));
  const child = forkStore({
    ...process.env,
    CITYWALL_DATA: data,
    CITYWALL_CITIES: path.resolve(import.meta.dirname, "../cities"),
  });
  const answer = new Promise<FromStore>((resolve) =>
    child.on("message", (message: FromStore) => {
      if (message.kind === "answer") resolve(message);
    }),
  );
  // Nothing is open when it is asked: it says so, or it answers; it is never silent.
  child.send({
    kind: "ask",
    id: 1,
    method: "extent",
    params: { city: "lianyungang" },
    after: { segment: 0, offset: 0 },
  } satisfies ToStore);
  expect(await answer).toMatchObject({ kind: "answer", id: 1 });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.disconnect();
  expect(await ended).toBe(0);
  await rm(data, { recursive: true, force: true });
});
