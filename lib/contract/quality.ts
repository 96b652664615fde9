import type { z } from "zod";
import type { qualityAnswer } from "./api/history";

/** What `GET /api/v1/history/quality` answers. Times in ms. */
export type QualityAnswer = z.infer<typeof qualityAnswer>;

/** How well a series kept its promise. */
export type MetricQuality = Omit<QualityAnswer, "asked" | "completeUntil">;

/** An hour in which readings were due. */
export type HourCompleteness = QualityAnswer["hours"][number];

/** A value, or only its quality, that was changed after it was shown. */
export type Revision = QualityAnswer["revisions"][number];
