import type { Room } from "./layer";

/** What lies over a map's canvas and belongs to it: the parts of its legend, and its notice. */
const OVER = ":scope > .map-legend > *, :scope > .map-notice";

export interface Covers {
  /** their boxes, CSS pixels from the canvas's left and top; the same array until one of them changed */
  boxes(): readonly Room[];
  close(): void;
}

/** Boxes of what lies over a canvas: measured when one of them changed, never while a frame is drawn. @param element has the canvas */
export function watchCovers(element: HTMLElement, onChange: () => void): Covers {
  let boxes: readonly Room[] = [];
  const around = element.parentElement;
  const measure = (): void => {
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
