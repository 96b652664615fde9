import os from "node:os";
import { describe, expect, it, vi } from "vitest";
import type { DisplayItem } from "../lib/contract/api/displays";
import { lines } from "../lib/control/audit";
import { displayMethods } from "../lib/control/methods/displays";
import { openControl } from "../lib/control/open";
import { main } from "./main";
import { ownData } from "./test-command";

const data = ownData();

/** Runs the command as `npx citywall` does; what it wrote, or how it was refused. */
async function citywall(...args: string[]): Promise<string> {
  const said: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void said.push(line));
  vi.spyOn(console, "error").mockImplementation((line: string) => void said.push(line));
  vi.spyOn(process, "exit").mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
  await main(["node", "citywall", ...args]).catch((error: Error) => void said.push(error.message));
  return said.join("\n");
}

/** Names a display, as a page does. */
async function pair(title: string): Promise<DisplayItem> {
  const db = await openControl({ data: data() });
  const control = { db, now: () => Date.now() };
  const { code } = await displayMethods.pairBegin(control, { network: "" });
  const by = { who: "account ada", address: "10.0.0.7" };
  const item = await displayMethods.pairClaim(control, { code, title, city: "lianyungang", screen: "overview", by });
  await db.destroy();
  return item;
}

describe("npx citywall display", () => {
  it("lists displays and how they stand, and withdraws one by its name or its id, as the audit log says", async () => {
    const [hall, lobby] = [await pair("Hall"), await pair("Lobby")];
    expect((await citywall("display", "list")).split("\n")).toEqual([
      `not come yet  Hall  lianyungang/overview  ${hall.id}`,
      `not come yet  Lobby  lianyungang/overview  ${lobby.id}`,
    ]);
    expect(await citywall("display", "withdraw", "Hall")).toBe("✓ Hall is withdrawn");
    expect(await citywall("display", "withdraw", lobby.id)).toBe("✓ Lobby is withdrawn");
    const listed = (await citywall("display", "list", "--json"))
      .split("\n")
      .map((line) => JSON.parse(line) as DisplayItem);
    expect(listed.map(({ title, withdrawn }) => [title, withdrawn !== null])).toEqual([
      ["Hall", true],
      ["Lobby", true],
    ]);
    const db = await openControl({ data: data() });
    const log = await lines(db, { action: "display.withdraw" });
    await db.destroy();
    expect(log.map(({ who, object }) => [who, object])).toEqual([
      [`command ${os.userInfo().username}`, "display Lobby"],
      [`command ${os.userInfo().username}`, "display Hall"],
    ]);
  });

  it("says which display is not there", async () => {
    await pair("Hall");
    await citywall("display", "withdraw", "Hall");
    expect(await citywall("display", "withdraw", "Hall")).toContain('display: there is no display "Hall"');
  });
});
