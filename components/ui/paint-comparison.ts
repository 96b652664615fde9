import type { Lang, Metric } from "@/lib/contract/city";
import type { Compared } from "@/lib/live/compare";
import { changeText, comparisonName, comparisonTitle } from "./comparison";
import { setData } from "./paint-value";

function write(element: Element | null, text: string): void {
  if (element && element.textContent !== text) element.textContent = text;
}

/**
 * Writes a comparison, its name and then how far the value lies from it, into an element with two children; hides it
 * where there is none. `name`: instead of what it is called by itself.
 */
export function paintComparison(
  element: HTMLElement,
  compared: Compared | null,
  metric: Metric,
  timeZone: string,
  lang: Lang,
  name?: string,
): void {
  element.hidden = compared === null;
  setData(element, "compare", compared?.which ?? "");
  if (!compared) return;
  setData(element, "good", compared.good === null ? "" : String(compared.good));
  write(element.firstElementChild, name ?? comparisonName(compared, metric, lang));
  write(element.lastElementChild, changeText(compared, metric, lang));
  const title = comparisonTitle(compared, metric, timeZone, lang);
  if (element.title !== title) element.title = title;
}
