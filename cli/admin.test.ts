import os from "node:os";
import { describe, expect, it } from "vitest";
import { controlHere } from "../lib/control/here";
import { BROWSER, PASSWORD, sha256 } from "../lib/control/people/test-accounts";
import { citywall, ownData } from "./test-command";

const data = ownData();

const admin = (...args: string[]) => citywall("admin", ...args);

/** Uses a link that was printed. */
async function accept(printed: string, name: string): Promise<void> {
  const secret = /^http:\/\/127\.0\.0\.1:3000\/invite#([\w-]{43})\n$/.exec(printed)?.[1] ?? "";
  const control = await controlHere({ data: data() });
  await control.call("acceptInvitation", { ...BROWSER, hash: sha256(secret), name, password: PASSWORD });
  await control.close();
}

describe("npx citywall admin", () => {
  it("makes links, lists who may sign in, and keeps the last administrator", async () => {
    await accept((await admin("invite")).out, "chief");
    const district = ["--city", "lianyungang", "--district", "320706", "--district", "320703"];
    await accept((await admin("invite", "--role", "viewer", ...district)).out, "ada");
    expect((await admin("list")).out.trim().split("\n")).toEqual([
      "ada  viewer  lianyungang/320706+320703  1 signed in",
      "chief  administrator  *  1 signed in",
    ]);
    expect((await admin("disable", "Ada")).out).toBe("ada is disabled, and signed out everywhere\n");
    const [ada] = (await admin("list", "--json")).out.split("\n");
    expect(JSON.parse(ada ?? "")).toMatchObject({ name: "ada", disabled: true, sessions: 0 });
    expect((await admin("enable", "ada")).status).toBe(0);
    const refused = await admin("disable", "chief");
    expect([refused.status, refused.err]).toEqual([64, expect.stringContaining("chief is the last administrator")]);
    await accept((await admin("reset", "chief")).out, "chief");
    const log = await controlHere({ data: data() });
    const who = `command ${os.userInfo().username}`;
    expect(await log.call("auditLines", { who, action: "account.change" })).toHaveLength(2);
    await log.close();
  });

  it("demands a second factor of whom it says, and tells of whom", async () => {
    expect((await admin("second-factor")).out).toBe("nobody\n");
    await accept((await admin("invite")).out, "chief");
    // Who has a machine's shell is locked out by nothing.
    expect((await admin("second-factor", "everybody")).out).toBe("everybody\n");
    expect((await admin("second-factor")).out).toBe("everybody\n");
    const log = await controlHere({ data: data() });
    const [line] = await log.call("auditLines", { action: "policy.change" });
    await log.close();
    expect(line).toMatchObject({ who: `command ${os.userInfo().username}`, object: "sign-in policy" });
    expect(JSON.parse(line?.detail ?? "")).toEqual({ secondFactor: "everybody", before: "nobody" });
    expect((await admin("second-factor", "some")).err).toContain("whom");
  });

  it("refuses what it is asked wrongly by its name", async () => {
    const said = async (...args: string[]): Promise<string> => {
      const { status, err } = await admin(...args);
      return `${status || "refused"} ${err}`;
    };
    expect(await said("disable", "nobody")).toContain('<name>: "nobody" is no account; there is none');
    expect(await said("invite", "--city", "atlantis")).toContain('--city: "atlantis" is not configured; there is ');
    expect(await said("invite", "--city", "lianyungang", "--district", "1")).toContain(
      '--district: "1" is no place of lianyungang',
    );
    expect(await said("invite", "--district", "320706")).toContain("--city is missing");
    expect(await said("invite", "--role", "emperor")).toContain("--role");
  });
});
