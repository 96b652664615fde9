import { describe, expect, it } from "vitest";
import { citywall, ownData } from "./test-command";

ownData();

describe("npx citywall oidc", () => {
  const ops = ["--claim", "groups", "--value", "control-room", "--role", "operator"];

  it("maps claims to roles, lists them and takes them away; the audit log has it", async () => {
    const made = await citywall("oidc", "map", ...ops, "--city", "hangzhou");
    expect(made).toMatchObject({ status: 0, err: "" });
    const [, id = ""] = /^✓ ([\w-]{36}): groups=control-room gives operator\n$/.exec(made.out) ?? [];
    expect((await citywall("oidc", "map", "--claim", "sub", "--value", "7", "--role", "administrator")).status).toBe(0);
    const listed = (await citywall("oidc")).out.split("\n");
    expect(listed[0]).toBe(`${id}  groups=control-room  operator  hangzhou`);
    expect(listed[1]).toMatch(/^[\w-]{36} {2}sub=7 {2}administrator {2}\*$/);
    expect(await citywall("oidc", "map", ...ops, "--city", "hangzhou")).toMatchObject({
      status: 64,
      err: expect.stringContaining("value: there is this mapping already") as string,
    });
    expect(await citywall("oidc", "unmap", id)).toMatchObject({ status: 0 });
    expect(await citywall("oidc", "unmap", id)).toMatchObject({
      status: 64,
      err: expect.stringContaining("id: there is no such mapping") as string,
    });
    expect((await citywall("oidc", "--json")).out).toMatch(/^\{"id":"[\w-]+","claim":"sub","value":"7",.*\}\n$/);
    const log = (await citywall("audit")).out;
    expect(log).toMatch(/mapping\.remove {2}mapping groups=control-room operator/);
    expect(log.match(/mapping\.add/g)).toHaveLength(2);
  });

  it.each([
    [["--value", "x", "--role", "viewer"], "--claim"],
    [["--claim", "groups", "--value", "x", "--role", "king"], "--role"],
    [["--claim", "groups", "--value", "x"], "--role"],
    [[...ops, "--city", "atlantis"], '--city: "atlantis" is not configured'],
    [[...ops, "--district", "320706"], "--district: is of a city"],
  ])("refuses %j", async (args, why) => {
    const { status, err } = await citywall("oidc", "map", ...args);
    expect(status).not.toBe(0);
    expect(err).toContain(why);
  });
});
