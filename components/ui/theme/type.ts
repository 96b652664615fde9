/** goes up whenever fonts come, while somebody asks to be told */
let fontsCome = 0;
const told = new Set<() => void>();

function fontCame(): void {
  fontsCome++;
  for (const task of told) task();
}

/** Calls `task` whenever fonts came that canvases may have been drawn without. @returns what ends it */
export function onFont(task: () => void): () => void {
  if (told.size === 0) document.fonts.addEventListener("loadingdone", fontCame);
  told.add(task);
  return () => {
    told.delete(task);
    if (told.size === 0) document.fonts.removeEventListener("loadingdone", fontCame);
  };
}

/**
 * The families for text on canvas. A chart remembers the widths it measured by the name of the font, and may have
 * measured before the font was there: after a font came the lists are called otherwise, by a last name that no font has.
 */
export const FONT = {
  get text() {
    return `"Noto Sans SC", sans-serif, fonts-${fontsCome}`;
  },
  get figures() {
    return `"Barlow Condensed", "Noto Sans SC", sans-serif, fonts-${fontsCome}`;
  },
};

/** Shapes of a reading's quality where text is drawn on canvas; freshness.css has the same ones for the DOM. */
export const MARKS = { uncertain: "△", bad: "×" } as const;

let known = 0;

/** Has all that is drawn measured anew, after something other than the window's size changed the size of a rem. */
export function typeChanged(): void {
  known = 0;
  window.dispatchEvent(new Event("resize"));
}

/** Pixels of one rem: all sizes on canvas are multiples of it, so that type scales with the screen. */
export function rem(): number {
  if (known > 0) return known;
  // Asking the page makes it lay itself out; the answer changes with its size alone.
  known = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  window.addEventListener(
    "resize",
    () => {
      known = 0;
    },
    { once: true },
  );
  return known;
}
