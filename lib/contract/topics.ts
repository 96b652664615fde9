/** Names of what can be subscribed to. The public contract: keep stable. */

/** A city, metric or layer id: lower case, digits, dash. */
export const ID = /^[a-z][a-z0-9-]{0,59}$/;
/**
 * A place's code: a Chinese division code (GB/T 2260: 6 digits; GB/T 10114 towns: 9 or 12) or that of another country,
 * such as `06037` (FIPS), `E09000001` (ONS), `11000000` (AGS) or `US-CA-037`. 3 to 32 capitals, digits and single
 * dashes between them: it stands unescaped in topics, addresses and file names, and no two differ by case alone. `ALL`
 * is too near to `all`.
 */
export const PLACE_CODE = /^(?!ALL$)(?=.{3,32}$)[A-Z0-9]+(?:-[A-Z0-9]+)*$/;
/** `all`, the whole of a city, or a place's code. */
export const DISTRICT = new RegExp(`^all$|${PLACE_CODE.source}`);

export type Topic =
  | { kind: "reading"; city: string; district: string; metric: string }
  | { kind: "events"; city: string }
  | { kind: "positions"; city: string; layer: string };

/** `reading/<city>/<code of the district, or all>/<metric>` */
export function readingTopic(city: string, district: string, metric: string): string {
  return `reading/${city}/${district}/${metric}`;
}

/** `events/<city>` */
export function eventsTopic(city: string): string {
  return `events/${city}`;
}

/** `positions/<city>/<layer>` */
export function positionsTopic(city: string, layer: string): string {
  return `positions/${city}/${layer}`;
}

/** Parses a topic's name; null when it is not one. */
export function parseTopic(name: string): Topic | null {
  const [kind, city = "", a = "", b = "", ...rest] = name.split("/");
  if (rest.length > 0 || !ID.test(city)) return null;
  if (kind === "reading") return DISTRICT.test(a) && ID.test(b) ? { kind, city, district: a, metric: b } : null;
  if (kind === "events") return a === "" && b === "" && name.split("/").length === 2 ? { kind, city } : null;
  if (kind === "positions")
    return ID.test(a) && b === "" && name.split("/").length === 3 ? { kind, city, layer: a } : null;
  return null;
}
