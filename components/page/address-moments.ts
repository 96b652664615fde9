import { parseRfc3339 } from "@/lib/contract/readings";

/** A moment that an address names and that is none. */
export interface RefusedMoment {
  /** its parameter */
  name: "at" | "beside" | "from" | "to";
  text: string;
  /** `none`: no calendar has it, or it lacks its zone; `order`: it does not lie after `from` */
  why: "none" | "order";
}

export interface AddressMoments {
  /** ms; null where the address does not name it, or names none */
  at: number | null;
  beside: number | null;
  /** a range that does not move with time */
  range: [number, number] | null;
  refused: RefusedMoment | null;
}

/** In an address a plus that was not escaped is a space; before an offset nothing else can be meant. */
const LOST_PLUS = / (?=\d\d:?\d\d$)/;

/**
 * The moments that an address names. What is no moment (31 November, 25:00, a time without its zone) is refused and not
 * taken for another one: the first of them is named.
 */
export function addressMoments(ask: URLSearchParams): AddressMoments {
  const refused: RefusedMoment[] = [];
  const read = (name: RefusedMoment["name"]): number | null => {
    const text = ask.get(name);
    if (text === null) return null;
    const at = parseRfc3339(text.replace(LOST_PLUS, "+"));
    if (Number.isFinite(at)) return at;
    refused.push({ name, text, why: "none" });
    return null;
  };
  const [at, beside] = [read("at"), read("beside")];
  const [from, to] = ask.get("view") === "analysis" ? [read("from"), read("to")] : [null, null];
  const range: [number, number] | null = from !== null && to !== null && to > from ? [from, to] : null;
  if (from !== null && to !== null && !range) refused.push({ name: "to", text: ask.get("to") ?? "", why: "order" });
  return { at, beside, range, refused: refused[0] ?? null };
}
