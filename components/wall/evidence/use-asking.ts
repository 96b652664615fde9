"use client";
import { useEffect, type RefObject } from "react";
import type { Screen } from "@/lib/contract/screens";
import { usePageContext } from "@/components/ui/page-context";
import { typing } from "../../page/page-time";
import { ask, leadingTile, sideBeside, stopAsking, whatIsAsked, type Asked } from "./asked";

/**
 * Numbers that can be asked about, and what stands for one without being it, such as a bar: one in a link leads where the link
 * does.
 */
const NUMBERS = ":is([data-topic], [data-asks]):not(a[href] *)";
const DRAWER = "[data-evidence]";

interface Asking {
  screen: Pick<Screen, "tiles"> | null;
  pane: string;
  path: string;
  /** whether `I` asks for the first number of the page: of two halves one does */
  keys: boolean;
}

function topicOf({ dataset }: HTMLElement): string | null {
  return dataset.topic ?? dataset.asks ?? null;
}

/** What has the focus after the answer: what was asked about or, where keys cannot reach that, the number that it stands for. */
function openerOf(element: HTMLElement, tile: HTMLElement | null, topic: string | null): HTMLElement | null {
  if (element.matches("[tabindex]")) return element;
  const number = ["topic", "asks"].map((name) => `[tabindex][data-${name}="${topic}"]`).join();
  return (topic === null ? null : tile?.querySelector<HTMLElement>(number)) ?? tile;
}

/** What is asked by pointing at an element, or by a key in it; null: nothing. */
function questionAt(target: EventTarget | null, { pane, path }: Asking, wanted: string): Asked | null {
  const element = target instanceof Element ? target.closest<HTMLElement>(wanted) : null;
  if (!element) return null;
  const before = whatIsAsked();
  // A number of the answer itself: the answer stays where it is, and so does what it goes back to.
  if (before && element.closest(DRAWER)) return { ...before, topic: topicOf(element) };
  const topic = topicOf(element);
  const tile = element.closest<HTMLElement>("[data-tile]");
  const side = sideBeside((topic === null ? (tile ?? element) : element).getBoundingClientRect(), window.innerWidth);
  const opener = openerOf(element, tile, topic);
  return { topic, tile: tile?.dataset.tile ?? null, whole: false, pane, path, side, opener };
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
