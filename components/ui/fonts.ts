import { codesIn, coversText, formatRange, parseRange, unpackCodes, type RestFont } from "./font-ranges";

let loading: Promise<void> | null = null;

/** What the style sheet's own small slices draw, by family and weight: they are there before anything is painted. */
function coreCodes(): Map<string, Set<number>> {
  const core = new Map<string, Set<number>>();
  for (const face of document.fonts) {
    const key = `${face.family.replaceAll('"', "")} ${face.weight}`;
    const codes = core.get(key) ?? new Set();
    for (const code of codesIn(parseRange(face.unicodeRange))) codes.add(code);
    core.set(key, codes);
  }
  return core;
}

function addFont({ family, weights, folder, slices }: RestFont, core: Map<string, Set<number>>): void {
  const sliced = Object.entries(slices).map(([slice, packed]) => [slice, unpackCodes(packed)] as const);
  for (const weight of weights) {
    const own = core.get(`${family} ${weight}`);
    for (const [slice, codes] of sliced) {
      const unicodeRange = formatRange(codes.filter((code) => !own?.has(code)));
      if (unicodeRange === "") continue;
      const source = `url(/fonts/${folder}/${slice}-${weight}.woff2) format("woff2")`;
      document.fonts.add(new FontFace(family, source, { weight: String(weight), unicodeRange, display: "swap" }));
    }
  }
}

async function addRest(): Promise<void> {
  const response = await fetch("/fonts/rest.json");
  if (!response.ok) throw new Error(`fonts: ${response.status}`);
  const core = coreCodes();
  for (const font of (await response.json()) as RestFont[]) addFont(font, core);
}

/**
 * Makes every glyph that the fonts have reachable: any place may be called anything. Only the list of slices is
 * fetched; a browser fetches a slice when a page writes something that is in it.
 */
export function loadRestOfFonts(): Promise<void> {
  loading ??= addRest().catch((error: unknown) => {
    // Asked for again by whoever needs it next; until then such characters come from the system's fonts.
    loading = null;
    console.error((error as Error).message);
  });
  return loading;
}

/** Waits until a text can be painted on a canvas in a font. @param font as CSS's `font`, one family */
export async function fontFor(font: string, text: string): Promise<void> {
  const [, weight = "400", family = ""] = /^(\d+) .*"(.+)"$/.exec(font) ?? [];
  // Faces are told apart before their ranges are read: all of those are tens of thousands of characters.
  const ranges = [...document.fonts]
    .filter((face) => face.weight === weight && face.family.replaceAll('"', "") === family)
    .flatMap((face) => parseRange(face.unicodeRange));
  if (!coversText(ranges, text)) await loadRestOfFonts();
  await document.fonts.load(font, text);
}
