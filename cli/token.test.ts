import { describe, expect, it } from "vitest";
import { citywall, ownData } from "./test-command";

ownData();

describe("npx citywall token", () => {
  it("makes a monitor's token, which is told once, listed, rotated, taken back and audited", async () => {
    const made = await citywall("token", "create", "--monitor", "--note", "prometheus", "--address", "10.0.0.9");
    expect(made).toEqual({ status: 0, out: expect.stringMatching(/^cw_[\w-]{43}\n$/) as string, err: "" });
    const listed = (await citywall("token", "list")).out;
    const [, id = ""] = /^([\da-f]{8}) {2}monitor {2}ends never {2}used never {2}from 10\.0\.0\.9/.exec(listed) ?? [];
    const next = await citywall("token", "rotate", id);
    expect(next).toMatchObject({ status: 0, out: expect.stringMatching(/^cw_[\w-]{43}\n$/) as string });
    expect(await citywall("token", "revoke", id)).toMatchObject({ status: 0, out: `token ${id} revoked\n` });
    const log = (await citywall("audit")).out;
    for (const action of ["create", "rotate", "revoke"])
      expect(log).toMatch(new RegExp(`token\\.${action} {2}token ${id} monitor`));
    expect(`${listed}${log}`).not.toContain(made.out.trim());
  });

  it.each([
    [["--monitor", "--city", "lianyungang"], "--city: is of a publisher's token"],
    [["--monitor", "--feed", "*"], "--feed: is of a publisher's token"],
    [["--monitor", "--backfill"], "--backfill: is of a publisher's token"],
    [["--monitor", "--address", "10.0.0.300"], '--address: "10.0.0.300" is no address'],
    [["--feed", "*"], "--city: is missing"],
    [["--city", "lianyungang"], "--feed: is missing"],
    [["--city", "atlantis", "--feed", "*"], '--city: "atlantis" is not configured'],
  ])("refuses %j by the option, and makes none", async (options, said) => {
    expect(await citywall("token", "create", ...options)).toMatchObject({
      status: 64,
      out: "",
      err: expect.stringContaining(said) as string,
    });
    expect((await citywall("token", "list")).out).toBe("");
  });
});
