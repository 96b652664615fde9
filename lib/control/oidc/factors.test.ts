import { describe, expect, it } from "vitest";
import { saysOneFactor } from "./factors";

describe("an issuer", () => {
  it.each([
    [{ amr: ["pwd"] }],
    [{ amr: "pwd" }],
    [{ amr: ["pwd", "geo", "rba"] }],
    [{ amr: ["kba"] }],
    [{ acr: "0" }],
    [{ acr: "0", amr: ["mfa"] }],
  ])("says by %j that it asked for nothing else than what is known", (claims) =>
    expect(saysOneFactor(claims)).toBe(true),
  );
  it.each([
    [{}],
    [{ amr: [] }],
    [{ amr: ["pwd", "otp", "mfa"] }],
    [{ amr: ["hwk"] }],
    [{ amr: ["something of its own"] }],
    [{ amr: { pwd: true } }],
    [{ acr: "1" }],
    [{ acr: "urn:mace:incommon:iap:silver", amr: ["mfa"] }],
  ])("is believed where it says %j", (claims) => expect(saysOneFactor(claims)).toBe(false));
});
