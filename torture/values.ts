/** Values that fit a JSON Schema of the contract, and what is wrong with them once they are spoilt. */
import type { Chance } from "./chance";

export type Json = Record<string, unknown>;

const HOUR = 3_600_000;

/** Values by the name of the member or parameter that takes them, so that most of what is asked exists. */
export interface Known {
  [name: string]: readonly unknown[];
}

const TEXTS = [
  "",
  " ",
  "0",
  "null",
  "上报",
  "a\u0000b",
  "\ud800",
  "\u202e\u200b",
  "<script>alert(1)</script>",
  "'; DROP TABLE readings; --",
  "%00%ff%2e%2e%2f",
  "../../../etc/passwd",
  "__proto__",
  "constructor",
  "${7*7}{{7*7}}",
  "=cmd|' /C calc'!A0",
  "👩‍👩‍👧‍👦".repeat(20),
  "x".repeat(5_000),
  "2026-11-31T25:00:00Z",
  "0000-01-01T00:00:00Z",
  "9999-12-31T23:59:59.999999999Z",
  "now-999999d",
  "1e999",
  "-0",
];
const NUMBERS = [
  0,
  -0,
  -1,
  0.1,
  1e-320,
  1e100,
  1.7e308,
  -1.7e308,
  2 ** 31,
  2 ** 53,
  2 ** 63,
  -(2 ** 63),
  8.64e15,
  1e21,
];

/** Something that is hardly ever right. */
function odd(chance: Chance): unknown {
  const kinds: (() => unknown)[] = [
    () => null,
    () => chance.often(0.5),
    () => chance.of(NUMBERS),
    () => chance.of(TEXTS),
    () => [],
    () => ({}),
    () => Array.from({ length: chance.int(1, 50) }, () => chance.of(TEXTS)),
    () => JSON.parse(`{"__proto__":{"x":1},"constructor":{"prototype":{}}}`) as unknown,
    () => nested(chance.int(10, 2_000)),
  ];
  return chance.of(kinds)();
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { a: value };
  return value;
}

function text(schema: Json, chance: Chance): string {
  if (schema.format === "date-time") return new Date(Date.now() - chance.int(0, 48 * HOUR)).toISOString();
  const longest = Math.min(Number(schema.maxLength ?? 40), 400);
  const letters = "abcdefghijklmnopqrstuvwxyz0123456789-";
  const length = chance.int(
    Math.min(Number(schema.minLength ?? 0), longest),
    chance.often(0.05) ? longest : Math.min(longest, 12),
  );
  return Array.from({ length }, () => letters[chance.int(0, letters.length - 1)]).join("");
}

function number(schema: Json, chance: Chance): number {
  const least = Math.max(Number(schema.minimum ?? schema.exclusiveMinimum ?? -1e6), -1e15);
  const most = Math.min(Number(schema.maximum ?? schema.exclusiveMaximum ?? 1e6), 1e15);
  const value = least + chance.next() * (most - least);
  return schema.type === "integer" || chance.often(0.5) ? Math.round(value) : value;
}

/**
 * A value that fits a schema, as far as a schema says what fits.
 * @param name of the member or parameter, by which a known value is taken
 */
export function fitting(schema: Json, all: Record<string, Json>, chance: Chance, known: Known, name = ""): unknown {
  if (typeof schema.$ref === "string") {
    const target = all[schema.$ref.split("/").at(-1) ?? ""] ?? {};
    return fitting(target, all, chance, known, name);
  }
  const choices = known[name];
  if (choices && schema.type !== "array" && schema.type !== "object" && chance.often(0.9)) return chance.of(choices);
  if ("const" in schema) return schema.const;
  if (Array.isArray(schema.enum)) return chance.of(schema.enum);
  const either = (schema.anyOf ?? schema.oneOf) as Json[] | undefined;
  if (either) return fitting(chance.of(either), all, chance, known, name);
  const next = (part: Json, called = name): unknown => fitting(part, all, chance, known, called);
  switch (schema.type) {
    case "object":
      return object(schema, chance, next);
    case "array": {
      if (Array.isArray(schema.prefixItems)) return (schema.prefixItems as Json[]).map((part) => next(part));
      const most = Math.min(Number(schema.maxItems ?? 8), chance.often(0.02) ? 600 : 8);
      const length = chance.int(Math.min(Number(schema.minItems ?? 0), most), most);
      return Array.from({ length }, () => next((schema.items ?? {}) as Json));
    }
    case "integer":
    case "number":
      return number(schema, chance);
    case "boolean":
      return chance.often(0.5);
    case "null":
      return null;
    default:
      return text(schema, chance);
  }
}

function object(schema: Json, chance: Chance, next: (part: Json, called: string) => unknown): Json {
  const required = new Set(schema.required as string[] | undefined);
  const members = Object.entries((schema.properties ?? {}) as Record<string, Json>);
  const taken = members.filter(([name]) => required.has(name) || chance.often(0.5));
  return Object.fromEntries(taken.map(([name, part]) => [name, next(part, name)]));
}

/** The same value with something in it made odd; what it is given is left as it was. */
export function spoilt(value: unknown, chance: Chance): unknown {
  if (chance.often(0.15)) return odd(chance);
  if (Array.isArray(value)) {
    if (value.length === 0) return [odd(chance)];
    const i = chance.int(0, value.length - 1);
    if (chance.often(0.1)) return Array.from({ length: chance.int(100, 3_000) }, () => value[i] as unknown);
    return value.map((one: unknown, k) => (k === i ? spoilt(one, chance) : one));
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value);
    if (entries.length === 0 || chance.often(0.1)) return { ...value, [chance.of(TEXTS)]: odd(chance) };
    const [name, part] = chance.of(entries);
    if (chance.often(0.2)) return Object.fromEntries(entries.filter(([other]) => other !== name));
    return { ...value, [name]: spoilt(part, chance) };
  }
  return odd(chance);
}

/** Bytes with some of them changed, left out, or doubled. */
export function garbled(bytes: Buffer, chance: Chance): Buffer {
  const changed = Buffer.from(bytes);
  for (let i = chance.int(1, 4); i > 0 && changed.length > 0; i--)
    changed[chance.int(0, changed.length - 1)] = chance.int(0, 255);
  if (chance.often(0.3)) return changed.subarray(0, chance.int(0, changed.length));
  return chance.often(0.2) ? Buffer.concat([changed, changed]) : changed;
}
