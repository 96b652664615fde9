/** Headers that processes of one machine say to each other; of what others say of the same names nothing is left. */

/** The key by which the gateway and the pages' process know each other. */
export const PAGES_KEY = "x-citywall-pages";

/** For whom a page is made, and for whom it asks: `https` or `http` and an address; believed with the key alone. */
export const VISITOR = "x-citywall-visitor";

/** What a page's address asks for, told to all that the page is made of (proxy.ts). */
export const ASKED = {
  nonce: "x-citywall-nonce",
  place: "x-citywall-place",
  theme: "x-citywall-theme",
  lang: "x-citywall-lang",
} as const;
