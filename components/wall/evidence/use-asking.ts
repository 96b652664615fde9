"use client";
import { useEffect, type RefObject } from "react";
import type { Screen } from "@/lib/contract/screens";
import { usePageContext } from "@/components/ui/page-context";
import { typing } from "../../page/page-time";
import { ask, leadingTile, sideBeside, stopAsking, whatIsAsked, type Asked } from "./asked";

/** Numbers that can be asked about: one in a link leads where the link does. */
const NUMBERS = "[data-topic]:not(a[href] *)";
const DRAWER = "[data-evidence]";

interface Asking {
  screen: Pick<Screen, "tiles"> | null;
  pane: string;
  path: string;
  /** whether `I` asks for the first number of the page: of two halves one does */
  keys: boolean;
}

/** What is asked by pointing at an element, or by a key in it; null: nothing. */
function questionAt(target: EventTarget | null, { pane, path }: Asking, wanted: string): Asked | null {
  const element = target instanceof Element ? target.closest<HTMLElement>(wanted) : null;
  if (!element) return null;
  const before = whatIsAsked();
  // A number of the answer itself: the answer stays where it is, and so does what it goes back to.
  if (before && element.closest(DRAWER)) return { ...before, topic: element.dataset.topic ?? null };
  const tile = element.closest<HTMLElement>("[data-tile]");
  const side = sideBeside(
    (element.dataset.topic ? element : (tile ?? element)).getBoundingClientRect(),
    window.innerWidth,
  );
  const opener = element.matches("[tabindex]") ? element : tile;
  return {
    topic: element.dataset.topic ?? null,
    tile: tile?.dataset.tile ?? null,
    whole: false,
    pane,
    path,
    side,
    opener,
  };
}

/** What `I` asks: the tile that has the focus, else the screen's first number and all sources of the screen. */
function questionOfKey(root: HTMLElement, target: EventTarget | null, asking: Asking): Asked | null {
  const inTile = questionAt(target, asking, "[data-tile]");
  if (inTile) return inTile;
  if (!asking.keys) return null;
  const tile = leadingTile(asking.screen);
  const first = tile === null ? root.querySelector<HTMLElement>("[data-topic]") : null;
  if (tile === null && !first) return null;
  const opener = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  const { pane, path } = asking;
  return { topic: first?.dataset.topic ?? null, tile, whole: tile !== null, pane, path, side: "right", opener };
}

/** Has every number below a root open its evidence: by click, by Enter, and by `I`. */
export function useAsking(marker: RefObject<HTMLElement | null>, { screen, pane, path, keys }: Asking): void {
  const { live } = usePageContext();
  useEffect(() => {
    const root = marker.current?.parentElement;
    if (!root) return;
    const asking = { screen, pane, path, keys };
    const onClick = ({ target }: MouseEvent): void => {
      const question = questionAt(target, asking, `${NUMBERS}, .tile-head`);
      if (question) ask(question);
    };
    const onEnter = (event: KeyboardEvent): void => {
      const isNumber = event.target instanceof HTMLElement && event.target.matches(NUMBERS);
      if (!isNumber || (event.key !== "Enter" && event.key !== " ")) return;
      const question = questionAt(event.target, asking, NUMBERS);
      if (question) ask(question);
      event.preventDefault();
      event.stopPropagation();
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.altKey || event.ctrlKey || event.metaKey || typing(event)) return;
      const isOpen = whatIsAsked()?.pane === pane;
      if (event.key === "Escape" && isOpen) stopAsking();
      if (event.key.toLowerCase() !== "i") return;
      const question = isOpen ? null : questionOfKey(root, event.target, asking);
      if (isOpen) stopAsking();
      if (question) ask(question);
    };
    root.addEventListener("click", onClick);
    root.addEventListener("keydown", onEnter);
    window.addEventListener("keydown", onKey);
    // Widgets write numbers and know nothing of this; each new one can soon be reached by keys as well.
    const stopBeat = live.onBeat(() => {
      for (const element of root.querySelectorAll(`${NUMBERS}:not([role])`)) {
        element.setAttribute("role", "button");
        element.setAttribute("tabindex", "0");
      }
    });
    return () => {
      root.removeEventListener("click", onClick);
      root.removeEventListener("keydown", onEnter);
      window.removeEventListener("keydown", onKey);
      stopBeat();
    };
  }, [marker, live, screen, pane, path, keys]);
}
