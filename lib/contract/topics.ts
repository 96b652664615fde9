/** Names of what can be subscribed to. The public contract: keep stable. */

/** A city, metric or layer id: lower case, digits, dash. */
export const ID = /^[a-z][a-z0-9-]{0,59}$/;
/** `all` or a Chinese administrative division code (GB/T 2260: 6 digits; GB/T 10114 towns: 9 or 12). */
export const DISTRICT = /^(all|\d{6}|\d{9}|\d{12})$/;

export type Topic =
  | { kind: "reading"; city: string; district: string; metric: string }
  | { kind: "events"; city: string }
  | { kind: "positions"; city: string; layer: string };

export type TopicKind = Topic["kind"];

/** `reading/<city>/<district adcode or all>/<metric>` */
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
  if (kind === "positions") return ID.test(a) && b === "" && name.split("/").length === 3 ? { kind, city, layer: a } : null;
  return null;
}
