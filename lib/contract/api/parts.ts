import { z } from "zod";
import { parseRfc3339, RFC3339 } from "../readings";
import { DISTRICT, ID } from "../topics";

/** Schemas of what is asked, by the name that they have in the documents. */
export const requests = z.registry<{ id: string }>();
/** Schemas of what is answered. */
export const answers = z.registry<{ id: string }>();

/** What is said of a value that is not there, and of one that is wrong. */
export function or(wrong: string) {
  return { error: (issue: { input?: unknown }) => (issue.input === undefined ? "is missing" : wrong) };
}

/** One of some words; the refusal names the word and the list. */
export function oneOf<const T extends readonly string[]>(words: T) {
  return z.enum(words, { error: (issue) => `"${String(issue.input)}" is not one of ${words.join(", ")}` });
}

/** A city, metric or layer id. */
export const id = z.string().regex(ID);

export const district = z
  .string()
  .regex(DISTRICT)
  .describe("the place's code, or `all` for the whole city; `all` when left out");

/** An observed time as a publisher writes it. That it is neither ahead nor too old is judged when it comes. */
export const time = z
  .string()
  .regex(RFC3339)
  .refine((text) => Number.isFinite(parseRfc3339(text)), "is in no calendar")
  .meta({
    format: "date-time",
    description:
      "RFC 3339 with a zone; seconds and the colon of the offset may be left out. At most 60 s ahead of the " +
      "gateway's clock and 31 days old; with a token made with `--backfill`, readings as old as they are kept " +
      "(`readings.days` of history.json)",
  });

const MS = "must be ms since 1970";
/** A moment in a JSON body. */
export const ms = z.number(MS).min(0, MS).describe("ms since 1970; what lies ahead is read as now");

/** A moment in an answer, ms since 1970. */
export const msOut = z.number().describe("ms since 1970");

/** A moment in an answer, as text. */
export const iso = z.string().meta({ format: "date-time", description: "RFC 3339, UTC" });

/** What is known of the past, in a question. */
export const asOf = ms.describe("as it was known at this moment, ms since 1970; now when left out");

/** The earlier name of `asOf`, which goes on being read. */
export const known = ms.meta({ deprecated: true, description: "the earlier name of `asOf`, which goes before it" });
