import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { issuesOf } from "../contract/screens";

const DAY = 86_400_000;

/** What is kept for how long, and what may wait on disk: the one place. Days of observed time. */
const historySchema = z.strictObject({
  $schema: z.string().optional(),
  /** every reading as it came; never under 32, since sources may be that late */
  readings: z.strictObject({ days: z.number().min(32).max(3660) }).default({ days: 90 }),
  minutes: z.strictObject({ days: z.number().min(32).max(36_600) }).default({ days: 400 }),
  hours: z.strictObject({ days: z.number().min(32).max(36_600) }).default({ days: 3660 }),
  days: z.strictObject({ days: z.number().min(32).max(36_600) }).default({ days: 36_600 }),
  events: z.strictObject({ days: z.number().min(1).max(36_600) }).default({ days: 3660 }),
  /** `every`: at most one position of each thing in so many seconds */
  positions: z
    .strictObject({ days: z.number().min(0).max(3660), every: z.number().min(1).max(600) })
    .default({ days: 7, every: 10 }),
  /** what may wait on disk while the store is down */
  spill: z.strictObject({ megabytes: z.number().min(16).max(1_000_000) }).default({ megabytes: 1024 }),
});
export type HistoryConfig = z.infer<typeof historySchema>;

/** How long each tier is kept, in ms. */
export function keepFor(
  config: HistoryConfig,
  tier: "readings" | "minutes" | "hours" | "days" | "events" | "positions",
): number {
  return config[tier].days * DAY;
}

/** @throws Error that names the field */
export function parseHistoryConfig(raw: unknown): HistoryConfig {
  const parsed = historySchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = issuesOf(parsed.error);
  throw new Error(`history.json: ${issue?.field ?? "(file)"}: ${issue?.message ?? "is not valid"}`);
}

/**
 * `history.json` beside the city folders, or the defaults when there is none.
 * @throws Error that names the field; also where
 * it cannot be known whether there is one: with the defaults, what a site wants kept for longer would be dropped
 */
export async function loadHistoryConfig(cities: string): Promise<HistoryConfig> {
  const text = await readFile(path.join(cities, "history.json"), "utf8").catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw new Error(`history.json: cannot be read: ${error.message}`, { cause: error });
    await readdir(cities).catch((cause: Error) => {
      throw new Error(`CITYWALL_CITIES: cannot be read: ${cause.message}`, { cause });
    });
    return "{}";
  });
  try {
    return parseHistoryConfig(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) throw new Error("history.json: is not JSON", { cause: error });
    throw error;
  }
}
