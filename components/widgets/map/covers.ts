import type { Room } from "./layer";

/** What lies over a map's canvas and belongs to it: the parts of its legend, and its notice. */
const OVER = ":scope > .map-legend > *, :scope > .map-notice";

export interface Covers {
  /** their boxes, CSS pixels from the canvas's left and top; the same array until one of them changed */
  boxes(): readonly Room[];
  close(): void;
}

/**
 * Lifts a legend off a notice of several lines, where the map is too narrow for the two side by side. Its style sheet leaves the notice
 * one line free by itself.
 */
function raiseLegend(around: HTMLElement): void {
  const legend = around.querySelector(":scope > .map-legend")?.getBoundingClientRect();
  const notice = around.querySelector(":scope > .map-notice")?.getBoundingClientRect();
  const isUnder = legend && notice && notice.width > 0 && legend.right > notice.left;
  around.style.setProperty("--notice", isUnder ? `${Math.ceil(notice.height)}px` : "0px");
}

/** Boxes of what lies over a canvas: measured when one of them changed, never while a frame is drawn. @param element has the canvas */
export function watchCovers(element: HTMLElement, onChange: () => void): Covers {
  let boxes: readonly Room[] = [];
  const around = element.parentElement;
  const measure = (): void => {
    if (around) raiseLegend(around);
    const { left: x, top: y } = element.getBoundingClientRect();
    boxes = [...(around?.querySelectorAll(OVER) ?? [])]
      .map((one) => one.getBoundingClientRect())
      .filter(({ width, height }) => width > 0 && height > 0)
      .map(({ left, top, right, bottom }) => ({ left: left - x, top: top - y, right: right - x, bottom: bottom - y }));
    onChange();
  };
  const observer = new ResizeObserver(measure);
  observer.observe(element);
  // The legend hangs from its lower end: where its parts lie is known once its own size is.
  for (const one of around?.querySelectorAll(":scope > .map-legend, :scope > .map-notice") ?? []) observer.observe(one);
  return { boxes: () => boxes, close: () => observer.disconnect() };
}
