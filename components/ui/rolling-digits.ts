import { monotonic } from "@/lib/clock";
import { still } from "./motion";

/** ms in which digits come to their new places. */
const MS = 400;
/** ms between two changes of a figure at the least: what changes oftener is written, as rolling would never end. */
const RARE = 2_000;
/** ms between two figures of a page that roll: each takes frames of its own, and a wall that rolls everywhere says nothing. */
const APART = 1_000;

/** A place of the new text; what stood there before, null where that is the same. */
interface Column {
  from: string | null;
  to: string;
}

const NUMBER = /^-?[\d,.]+$/;

/** The places of a number that follows another, counted from the last one; null where either is no plain number, or both are the same. */
export function columnsOf(before: string, after: string): Column[] | null {
  if (before === after || !NUMBER.test(before) || !NUMBER.test(after)) return null;
  const shift = after.length - before.length;
  return [...after].map((to, i) => {
    const from = before[i - shift] ?? "";
    return { from: from === to ? null : from, to };
  });
}

/** Whether a number as it is written is more than another. */
export function rises(before: string, after: string): boolean {
  const [was, is] = [before, after].map((text) => Number(text.replaceAll(",", "")));
  return (is as number) > (was as number);
}

/** Whether a figure may roll that changed at `changedAt` before, on a page of which one rolled at `rolledAt`; all in ms. */
export function mayRoll({ now, changedAt, rolledAt }: Record<"now" | "changedAt" | "rolledAt", number>): boolean {
  return now - changedAt >= RARE && now - rolledAt >= APART;
}

/** When a figure of this page rolled last, ms. */
let rolledAt = -Infinity;

/** A picture of digits over a value: of no text, so that the value alone is what is read, found and copied. */
function drumsOf(value: HTMLElement, columns: Column[], up: boolean): HTMLElement {
  const roll = document.createElement("span");
  roll.className = `${value.className} roll`;
  roll.ariaHidden = "true";
  for (const { from, to } of columns) {
    const drum = document.createElement("b");
    [drum.dataset.top, drum.dataset.bottom] = up && from !== null ? [from, to] : [to, from ?? ""];
    const cell = document.createElement("i");
    cell.append(drum);
    roll.append(cell);
    // Where the picture goes, it goes as a whole: a drum that went back alone would show the old digit for a frame.
    if (from !== null)
      drum.animate(
        { transform: up ? ["none", "translateY(-50%)"] : ["translateY(-50%)", "none"] },
        { duration: MS, easing: "ease-in-out", fill: "forwards" },
      );
  }
  return roll;
}

/** Lets a figure's digits roll to a value that is written already, where it changes rarely enough for that. */
export class RollingDigits {
  private changedAt = -Infinity;
  private end: (() => void) | null = null;

  /**
   * To be told of each change of a value's text, once it is written. @param before the text that it had @param large whether it is
   * seen from afar
   */
  changed(value: HTMLElement, before: string, large: boolean): void {
    const now = monotonic();
    const rare = mayRoll({ now, changedAt: this.changedAt, rolledAt });
    this.changedAt = now;
    this.end?.();
    const after = value.textContent ?? "";
    const sound = value.dataset.freshness === "live" && value.dataset.quality === "good";
    const columns = large && rare && sound && !still() ? columnsOf(before, after) : null;
    if (!columns) return;
    rolledAt = now;
    this.roll(value, drumsOf(value, columns, rises(before, after)));
  }

  private roll(value: HTMLElement, drums: HTMLElement): void {
    value.after(drums);
    // Both are so for as long as it lasts and no longer, whatever comes in between: nothing has to be taken back.
    const away = value.animate({ opacity: [0, 0] }, MS);
    const shown = drums.animate({ opacity: [1, 1] }, MS);
    const end = (): void => {
      away.cancel();
      drums.remove();
      if (this.end === end) this.end = null;
    };
    this.end = end;
    shown.finished.then(end, end);
  }
}
