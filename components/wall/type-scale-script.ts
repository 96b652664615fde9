/** How many times larger type is than at a desk, in CSS: `typeScale` of lib/contract/screens.ts. */
export const TYPE_SCALE = "--type-scale";

/**
 * A script that says so before anything is painted, for a page as it comes from the server. A rule with `:has()` would do without, and
 * cost a wall a fiftieth of a core: a browser looks it up at each change of a text.
 */
export const typeScaleScript = (scale: number): string =>
  `document.documentElement.style.setProperty(${JSON.stringify(TYPE_SCALE)},${JSON.stringify(String(scale))})`;
