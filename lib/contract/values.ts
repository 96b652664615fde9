import type { z } from "zod";
import type { pastValue, valuesItem } from "./api/history";

/** A reading that stood at a moment; `at`: observed, ms. */
export type PastValue = z.infer<typeof pastValue>;

/**
 * What is asked of one topic: the reading at or before each moment (ms), as it was known at `asOf` or, left out, as it
 * is known now.
 */
export type ValuesItem = Pick<z.infer<typeof valuesItem>, "topic"> & { at: number[]; asOf?: number };
