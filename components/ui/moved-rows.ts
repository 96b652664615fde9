import { useLayoutEffect, useRef, type RefObject } from "react";
import { still } from "./motion";

/** ms in which rows come to their new places: long enough to be followed, over before the next change of a list a second. */
const MS = 600;

/** By how many rows each row of `after` lies above (or below: less than 0) where it was before; 0 of one that is new. */
export function movesOf(before: string[], after: string[]): number[] {
  const places = new Map(before.map((key, i) => [key, i]));
  return after.map((key, i) => (places.get(key) ?? i) - i);
}

/**
 * Lets the rows of a list go to where they stand now from where they stood. They are there at once, for who reads or presses them:
 * what moves is their picture, which the compositor moves by itself.
 * @param list its first children are the rows, all of one height @param order the rows' keys, from the top
 */
export function useMovedRows(list: RefObject<HTMLElement | null>, order: string[]): void {
  const before = useRef<string[]>([]);
  useLayoutEffect(() => {
    const moves = movesOf(before.current, order);
    before.current = order;
    if (moves.every((by) => by === 0) || still()) return;
    moves.forEach((by, i) => {
      if (by !== 0)
        list.current?.children[i]?.animate(
          { transform: [`translateY(${by * 100}%)`, "none"] },
          { duration: MS, easing: "ease" },
        );
    });
  });
}
