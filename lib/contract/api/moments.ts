import { z } from "zod";
import { parseRfc3339 } from "../readings";
import { LIMITS } from "./limits";
import { or } from "./parts";

const DAY = 86_400_000;
const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: DAY } as const;

/** A moment that may be counted back from now: what it is when the clock (ms) shows `now`. */
export type Moment = (now: number) => number;

const FIRST = new Date(LIMITS.moments.first).toISOString();

function readMoment(text: string): Moment | { wrong: string } {
  if (text === "") return { wrong: "is missing" };
  const relative = /^now(?:-(\d{1,6})([smhd]))?$/.exec(text);
  if (relative) {
    const back = relative[1] ? Number(relative[1]) * UNITS[relative[2] as keyof typeof UNITS] : 0;
    return (now) => Math.max(LIMITS.moments.first, now - back);
  }
  const at = parseRfc3339(text);
  if (!Number.isFinite(at)) return { wrong: `"${text}" is not an RFC 3339 time with a zone, nor now-6h` };
  return at < LIMITS.moments.first ? { wrong: `"${text}" lies before ${FIRST}, where time begins here` } : () => at;
}

/** A moment in an address, from 1970 on: an RFC 3339 time, or `now` and `now-6h`. */
export const moment = z.string(or("must be a text")).transform((text, context): Moment => {
  const read = readMoment(text);
  if (typeof read === "function") return read;
  context.addIssue({ code: "custom", message: read.wrong, input: text });
  return z.NEVER;
});

const MOMENT = "RFC 3339 with a zone, from 1970 on, or now-6h (s, m, h, d)";
export const from = moment.describe(MOMENT);
export const to = moment
  .prefault("now")
  .describe(`${MOMENT}; excluded, and at most ${LIMITS.moments.ahead / DAY} days ahead of the gateway's clock`);
/** The same in an address as `asOf` in a body. */
export const asOfText = moment.optional().describe(`as it was known at this moment (${MOMENT}); now when left out`);
export const knownText = moment
  .optional()
  .meta({ deprecated: true, description: "the earlier name of `asOf`, which goes before it" });

const CALENDAR = {
  week: "week",
  "1w": "week",
  month: "month",
  "1mo": "month",
  quarter: "quarter",
  "1q": "quarter",
  year: "year",
  "1y": "year",
} as const;
/** ms, or a unit of the calendar. */
type Step = number | (typeof CALENDAR)[keyof typeof CALENDAR];

function readStep(text: string): { step: Step } | { wrong: string } {
  if (text === "raw") return { step: 0 };
  const unit = Object.hasOwn(CALENDAR, text) ? CALENDAR[text as keyof typeof CALENDAR] : undefined;
  if (unit !== undefined) return { step: unit };
  const match = /^(\d{1,6})([smhd]?)$/.exec(text);
  const step = match ? Number(match[1]) * UNITS[(match[2] || "s") as keyof typeof UNITS] : 0;
  if (step <= 0)
    return {
      wrong: `"${text}" is not raw, nor a number of seconds, nor like 5m, 1h, 1d, week, month, quarter or year`,
    };
  const fits = step > DAY ? step % DAY === 0 : DAY % step === 0;
  return fits ? { step } : { wrong: "must divide a day, or be whole days" };
}

/** `raw` (0), `60`, `60s`, `5m`, `1h`, `1d` in ms, or a unit of the calendar: `week` or `1w`, `1mo`, `1q`, `1y`. */
export const step = z
  .string()
  .transform((text, context): Step => {
    const read = readStep(text);
    if ("step" in read) return read.step;
    context.addIssue({ code: "custom", message: read.wrong, input: text });
    return z.NEVER;
  })
  .prefault("raw")
  .describe(
    "raw, seconds, or 5m, 1h, 1d: divides a day or is whole days; or week (from Monday), month, quarter, year " +
      "(1w, 1mo, 1q, 1y). Buckets are in line with the clocks of `tz`, through their changes, and whole, so the " +
      "range is widened to them",
  );

/** Names of zones by their spelling in small letters: as many as the platform knows, whatever is asked. */
const zones = new Map<string, string>();

/**
 * The name that the platform itself gives a zone: whoever keeps something by zone keeps it once, however a stranger
 * spells it. Null for what is no zone. Offsets are none.
 */
function zoneName(text: string): string | null {
  const key = text.toLowerCase();
  const known = zones.get(key);
  if (known !== undefined) return known;
  if (!/^[a-z][a-z0-9+_/-]{0,63}$/.test(key)) return null;
  try {
    const name = new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone;
    zones.set(key, name);
    return name;
  } catch {
    return null;
  }
}

export const zone = z
  .string()
  .transform((text, context): string => {
    const name = zoneName(text);
    if (name !== null) return name;
    context.addIssue({ code: "custom", message: `"${text}" is not an IANA time zone`, input: text });
    return z.NEVER;
  })
  .describe("IANA zone that days begin in; the city's when left out. The answer has its main name");
