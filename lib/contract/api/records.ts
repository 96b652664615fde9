import { z } from "zod";
import { SEVERITIES } from "../severity";
import { QUALITIES } from "../readings";
import { answers, msOut } from "./parts";

export const quality = z.enum(QUALITIES);

/** A reading as the live socket, the hub and the store exchange it. */
export const readingItem = z
  .object({ at: msOut.describe("observed, ms since 1970"), value: z.number(), quality })
  .register(answers, { id: "ReadingItem" });

export const eventStep = z.object({
  stage: z.string(),
  at: msOut.describe("when it was reached, ms since 1970"),
  unit: z.string().optional().describe("who then had it in hand"),
});

/** Something that happened in the city and is followed until it is closed. Times in ms. */
export const cityEvent = z
  .object({
    id: z.string(),
    city: z.string(),
    district: z.string(),
    kind: z.string(),
    title: z.string(),
    titles: z
      .object({ zh: z.string().optional(), en: z.string().optional() })
      .optional()
      .describe("the title by language, as far as its source told; `title` stands for the others"),
    severity: z.literal(SEVERITIES).describe("1 minor .. 4 extreme (order of CAP 1.2)"),
    stage: z.string().describe("where it stands; the last of `stages` means closed"),
    stages: z.array(z.string()),
    at: msOut.describe("opened, ms since 1970"),
    updated: msOut.describe("last transition, ms since 1970"),
    lon: z.number().optional(),
    lat: z.number().optional(),
    source: z.string(),
    unit: z.string().optional().describe("who has it in hand"),
    steps: z.array(eventStep).optional().describe("the way it has come, oldest first"),
  })
  .register(answers, { id: "CityEvent" });

/** By which token something came: what its publisher is called, and nothing that proves anything. */
export const eventReporter = z
  .object({
    feed: z.string().describe("the feed that the token was for, `*` for all of its city"),
    note: z.string().describe("what the token was said to be for; empty where nothing was"),
    token: z.string().optional().describe("its id, for who looks after tokens"),
  })
  .register(answers, { id: "EventReporter" });

/** Fields of an event that its versions may tell otherwise. */
export const EVENT_FIELDS = [
  "at",
  "district",
  "kind",
  "title",
  "titles",
  "severity",
  "lon",
  "lat",
  "source",
  "unit",
  "stages",
] as const;

/** What was new in a version of an event, and who reported it. */
export const eventReport = z
  .object({
    recorded: msOut.describe("when it came, ms since 1970"),
    by: eventReporter.nullable().describe("null where nobody wrote it down, as before this was kept"),
    steps: z.array(eventStep).describe("those of the way that it told first"),
    changed: z.array(z.enum(EVENT_FIELDS)).describe("what it told otherwise than before; none for the first"),
    severity: z.literal(SEVERITIES).describe("the event's from then on"),
  })
  .register(answers, { id: "EventReport" });

/** A cell of the counts of a city's events: day, district, kind, stage, severity, count. */
export const eventCellRow = z
  .tuple([z.string(), z.string(), z.string(), z.string(), z.literal(SEVERITIES), z.int()])
  .describe(
    "date of closing (YYYY-MM-DD, the city's) or empty for open ones, district, kind, stage, severity, count; 0 " +
      "takes a cell away",
  )
  .register(answers, { id: "EventCellRow" });
