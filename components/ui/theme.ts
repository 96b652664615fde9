/** The wall's colours, for canvas and WebGL; globals.css has the same ones for the DOM. */
export const COLORS = {
  background: "#0b1118",
  panel: "#111a23",
  line: "#1f2d39",
  text: "#e8eef4",
  muted: "#92a3b3",
  faint: "#566675",
  accent: "#43c6b1",
  late: "#e3ad45",
  stale: "#e4735a",
  offline: "#7b8794",
} as const;

/** Series colours, told apart by lightness as well as hue. */
export const SERIES = ["#43c6b1", "#6c9fe0", "#dcb56a", "#b394dc", "#86bf7c", "#d98872", "#8fa3b5"] as const;

/** Colours of severity 1 to 4. */
export const SEVERITY = ["#6c9fe0", "#dcb56a", "#e58a4e", "#e4574c"] as const;

/** Low to high, for filling districts: one hue, so that it reads without a legend. */
export const RAMP: [number, number, number][] = [
  [24, 43, 56],
  [26, 66, 77],
  [30, 92, 97],
  [38, 125, 121],
  [67, 198, 177],
];

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
    return `"JetBrains Mono", "Noto Sans SC", monospace, fonts-${fontsCome}`;
  },
};

/** Shapes of a reading's quality where text is drawn on canvas; globals.css has the same ones for the DOM. */
export const MARKS = { uncertain: "△", bad: "×" } as const;

/** `#rrggbb` as [r, g, b]. */
export function rgb(hex: string): [number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** Colour on the ramp for t in [0, 1]. */
export function ramp(t: number): [number, number, number] {
  const place = Math.max(0, Math.min(1, t)) * (RAMP.length - 1);
  const low = Math.min(RAMP.length - 2, Math.floor(place));
  const [a, b] = [RAMP[low], RAMP[low + 1]] as [[number, number, number], [number, number, number]];
  return [0, 1, 2].map((k) => Math.round((a[k] as number) + ((b[k] as number) - (a[k] as number)) * (place - low))) as [
    number,
    number,
    number,
  ];
}

let known = 0;

/** Forgets the size of a rem, after something other than the window's size changed it. */
export function forgetRem(): void {
  known = 0;
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
