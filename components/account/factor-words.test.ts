import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { OIDC_REFUSALS } from "@/lib/contract/oidc-refusals";
import { FACTOR_WORDS } from "./factor-words";
import { QrCode } from "./qr-code";
import { whoText } from "@/components/ui/who";
import { refusalText } from "./words";

const HAN = /\p{Script=Han}/u;

it("words about second factors are in both languages, each in its own", () => {
  for (const [name, { zh, en }] of Object.entries(FACTOR_WORDS)) {
    expect(zh, name).toMatch(HAN);
    expect(en, name).not.toMatch(HAN);
  }
  expect(whoText("zh", "issuer")).toMatch(HAN);
});

it("what a change of them is refused for is told by its field, and not in the words of something else", () => {
  const refusals = [
    ...OIDC_REFUSALS.map((code) => ({ code })),
    { code: "passkey-cancelled" },
    { code: "passkey-known" },
    { code: "sign-in-refused", field: "passkey" },
    { code: "bad-parameter", field: "code" },
    { code: "not-there", field: "offer" },
    { code: "refused", field: "totp" },
    { code: "refused", field: "passkeys" },
    { code: "taken", field: "response" },
    { code: "not-there", field: "response" },
    { code: "bad-parameter", field: "response" },
    { code: "taken", field: "value" },
  ];
  const told = refusals.map((refusal) => refusalText("en", refusal));
  expect(new Set(told).size).toBe(refusals.length);
  for (const [i, refusal] of refusals.entries()) {
    expect(told[i]).not.toMatch(HAN);
    expect(told[i]).not.toContain(refusal.code);
    expect(refusalText("zh", refusal)).toMatch(HAN);
  }
});

it("a QR code is drawn with four white modules around it", () => {
  const drawn = renderToStaticMarkup(
    createElement(QrCode, { text: "otpauth://totp/Citywall:ada?secret=JBSWY3DP", label: "QR" }),
  );
  const [, size = ""] = /viewBox="0 0 (\d+) \1"/.exec(drawn) ?? [];
  const modules = [...drawn.matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
  const at = new Set(modules.map(([x, y]) => `${x} ${y}`));
  const last = Number(size) - 5;
  // The three corners that cameras look for, and nothing outside.
  for (const corner of ["4 4", `${last} 4`, `4 ${last}`]) expect(at).toContain(corner);
  expect(modules.every(([x, y]) => x >= 4 && y >= 4 && x <= last && y <= last)).toBe(true);
});
