/**
 * What runs inside a page that is looked at. Each function is sent to it as its source: it uses nothing from outside itself.
 */

/** A text as a page shows it. */
export interface SeenText {
  text: string;
  /** height of its type (em), CSS pixels */
  size: number;
  /** the tile or part of the page that it stands in */
  where: string;
  /** not all of it is shown */
  cut: boolean;
}

interface Written {
  text: string;
  size: number;
  /** null: it was written once, to be drawn as a picture wherever it is needed, as the map's names are */
  box: [left: number, top: number, right: number, bottom: number] | null;
}

interface Look {
  canvases: Map<CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D, Map<string, Written>>;
}

/** Runs before anything else in a page: remembers what is written on canvases, which no document tells. */
export function watchCanvases(): void {
  const canvases: Look["canvases"] = new Map();
  (window as unknown as { look: Look }).look = { canvases };
  for (const { prototype } of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) {
    const write = prototype.fillText;
    prototype.fillText = function (this: CanvasRenderingContext2D, text: string, x: number, y: number, most?: number) {
      const { a, b, c, d, e, f } = this.getTransform();
      const scale = Math.hypot(a, b) / devicePixelRatio;
      const em = Number(/([\d.]+)px/.exec(this.font)?.[1] ?? 0);
      const width = this.measureText(text).width;
      const shift = { center: width / 2, right: width, end: width }[this.textAlign as "center"] ?? 0;
      const [left, top] = [a * (x - shift) + c * y + e, b * (x - shift) + d * y + f].map((v) => v / devicePixelRatio);
      const own = canvases.get(this) ?? new Map<string, Written>();
      canvases.set(this, own);
      const box: Written["box"] =
        Math.abs(b) > 0.01 || left === undefined || top === undefined
          ? null
          : [left, top - em * scale, left + width * scale, top + em * scale];
      own.set(text, { text, size: em * scale, box });
      return most === undefined ? write.call(this, text, x, y) : write.call(this, text, x, y, most);
    };
  }
}

/** Forgets what was written so far, when it is to be written anew. */
export function forgetCanvases(): void {
  (window as unknown as { look: Look }).look.canvases.clear();
}

/** All texts that a page shows now, by its document and on its canvases. */
export function seenTexts(): SeenText[] {
  const seen: SeenText[] = [];
  const placeOf = (element: Element): string => {
    const tile = element.closest<HTMLElement>("[data-tile]");
    if (tile) return `tile ${tile.dataset.tile}`;
    const named = element.closest("header, nav, main, aside, footer, [class]");
    return named ? `${named.tagName.toLowerCase()}.${named.classList[0] ?? ""}` : "page";
  };
  const isShown = (element: Element): boolean =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });
  /** The part of a text that the boxes around it leave. */
  const clips = (element: Element, range: DOMRect): boolean => {
    for (let at: Element | null = element; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.display === "contents" || style.display === "inline") continue;
      const scrolls = /auto|scroll/.test(style.overflowX + style.overflowY);
      if (scrolls) return false;
      if (!/hidden|clip/.test(style.overflowX + style.overflowY)) continue;
      const box = at.getBoundingClientRect();
      const across =
        /hidden|clip/.test(style.overflowX) && (range.left < box.left - 1.5 || range.right > box.right + 1.5);
      const down =
        /hidden|clip/.test(style.overflowY) &&
        (range.top + range.height * 0.2 < box.top || range.bottom - range.height * 0.2 > box.bottom);
      if (across || down) return true;
    }
    return false;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = node.textContent?.trim() ?? "";
    if (!element || text === "" || /^(SCRIPT|STYLE|NOSCRIPT|OPTION)$/.test(element.tagName) || !isShown(element))
      continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    const isOut = box.bottom <= 0 || box.right <= 0 || box.top >= innerHeight || box.left >= innerWidth;
    // What is there for those who listen is a pixel large.
    if (box.width < 2 || box.height < 2 || isOut) continue;
    const size = Number.parseFloat(getComputedStyle(element).fontSize);
    seen.push({ text, size, where: placeOf(element), cut: clips(element, box) });
  }
  for (const [context, texts] of (window as unknown as { look: Look }).look.canvases) {
    const { canvas } = context;
    const element = canvas instanceof HTMLCanvasElement && canvas.isConnected ? canvas : null;
    if (element && !isShown(element)) continue;
    const width = element?.clientWidth ?? Infinity;
    const height = element?.clientHeight ?? Infinity;
    for (const { text, size, box } of texts.values()) {
      if (text.trim() === "" || size === 0) continue;
      const isOut =
        element !== null && box !== null && (box[0] < -2 || box[2] > width + 2 || box[3] < 0 || box[1] > height);
      const where = element ? placeOf(element) : "drawn from a picture";
      seen.push({ text, size, where, cut: isOut || /(…|\.\.\.)$/.test(text) });
    }
  }
  return seen;
}

/** A tile, and how much of it the box around all that is drawn on it takes, 0 to 1. */
export interface TileUse {
  tile: string;
  used: number;
}

/**
 * How much of each tile is used, by a picture of the page: of the rows and columns between the first and the last that differ from
 * the tile's ground. Runs in a page of its own, which has the picture as its only image.
 */
export async function usedOf(boxes: { tile: string; x: number; y: number; width: number; height: number }[]) {
  const image = document.querySelector("img") as HTMLImageElement;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
  const context = canvas.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
  context.drawImage(image, 0, 0);
  return boxes.map(({ tile, x, y, width, height }): TileUse => {
    const { data, width: w, height: h } = context.getImageData(x, y, Math.max(1, width), Math.max(1, height));
    const seen = new Map<number, number>();
    const keyAt = (i: number): number =>
      ((data[i] ?? 0) >> 3) * 4096 + ((data[i + 1] ?? 0) >> 3) * 64 + ((data[i + 2] ?? 0) >> 3);
    for (let i = 0; i < data.length; i += 4 * 7) seen.set(keyAt(i), (seen.get(keyAt(i)) ?? 0) + 1);
    const ground = [...seen].sort((a, b) => b[1] - a[1])[0]?.[0];
    let [left, right, top, bottom] = [w, -1, h, -1];
    for (let row = 0; row < h; row += 2) {
      for (let column = 0; column < w; column += 2) {
        if (keyAt((row * w + column) * 4) === ground) continue;
        [left, right] = [Math.min(left, column), Math.max(right, column)];
        [top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
      }
    }
    return { tile, used: right < 0 ? 0 : ((right - left) * (bottom - top)) / (w * h) };
  });
}
