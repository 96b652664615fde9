/** What browsers get for Node's `buffer` (next.config.js): none, as everywhere in a browser. */
export const Buffer = undefined;
