import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { userNames } from "./owner";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "citywall-owner-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("whose a file is", () => {
  it("is a name where the machine has one, else its number", async () => {
    const list = path.join(folder, "passwd");
    await writeFile(list, "root:x:0:0:root:/root:/bin/bash\nada:x:1000:1000::/home/ada:/bin/sh\n\n+@directory::::::\n");
    const nameOf = await userNames(list);
    expect([0, 1000, 4711].map(nameOf)).toEqual(["root", "ada", "uid 4711"]);
  });

  it("is a number where there is no list", async () => {
    expect((await userNames(path.join(folder, "none")))(0)).toBe("uid 0");
  });

  it("is, of this process, whoever runs it", async () => {
    const { uid, username } = os.userInfo();
    expect((await userNames())(uid)).toBe(username);
  });
});
