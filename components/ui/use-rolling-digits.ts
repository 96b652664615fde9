import { useState, type RefObject } from "react";
import { RollingDigits } from "./rolling-digits";
import { rem } from "./theme";
import { useSize } from "./use-size";

/** Type of this size and more, rem, is that of a screen's first figures and no others. */
const LARGE = 3;

/** Whether a figure in a box (rem) is written so large that its digits may roll; figures.css has the same size of type. */
export function isLarge(width: number, height: number): boolean {
  return Math.min(0.52 * height, 0.19 * width) >= LARGE;
}

/** What writes a figure's value: `paint` does, and where it may, the digits that changed roll to it. @param box that the figure has */
export function useRollingDigits(box: RefObject<HTMLElement | null>) {
  const [digits] = useState(() => new RollingDigits());
  const large = useSize(box, false, ({ clientWidth, clientHeight }) =>
    isLarge(clientWidth / rem(), clientHeight / rem()),
  );
  return (value: HTMLElement, may: boolean, paint: () => void): void => {
    const before = value.textContent ?? "";
    paint();
    if (value.textContent !== before) digits.changed(value, before, large && may);
  };
}
