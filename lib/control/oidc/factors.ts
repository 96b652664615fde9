import { valuesOf, type Claims } from "./rights";

/** Values of `amr` (RFC 8176, 2) for what somebody knows, and for circumstances that are no factor at all. */
const KNOWN = new Set(["pwd", "kba", "geo", "rba"]);

/**
 * Whether an issuer says that it let somebody in by what he knows alone: by its `amr`, or by `acr` 0, which stands for what is not to be
 * relied on (OpenID Connect Core 1.0, 2). Second factors are the issuer's business: one that says nothing of them is believed.
 */
export function saysOneFactor(claims: Claims): boolean {
  const methods = valuesOf(claims, "amr");
  return valuesOf(claims, "acr").includes("0") || (methods.length > 0 && methods.every((method) => KNOWN.has(method)));
}
