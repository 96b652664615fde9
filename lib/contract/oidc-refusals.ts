/** Why somebody who comes back from the issuer of identities is not let in, as the address of the sign-in page says it. */
export const OIDC_REFUSALS = ["issuer-away", "issuer-refused", "issuer-unknown", "issuer-one-factor"] as const;
export type OidcRefusal = (typeof OIDC_REFUSALS)[number];
