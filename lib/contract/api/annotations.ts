import { z } from "zod";
import { NOT_PLAIN, PLAIN_TEXT } from "../plain-text";
import { LIMITS } from "./limits";
import { from, to } from "./moments";
import { answers, ms, msOut, requests } from "./parts";
import { route } from "./route";

const AWAY = "The store cannot answer now";
const TEXT = `must be a text of 1 to ${LIMITS.text.note} characters`;

/** What somebody wrote to a stretch of time: why it was so. */
export const annotation = z
  .object({
    id: z.string(),
    city: z.string(),
    district: z.string().describe("a place's code, or `all` for the city"),
    metric: z.string().nullable().describe("the metric it explains; null: whatever is looked at"),
    from: msOut,
    to: msOut.describe("ms since 1970; the same for a moment"),
    text: z.string(),
    made: msOut.describe("when it was written, ms since 1970"),
    by: z
      .string()
      .nullable()
      .describe(
        "who wrote it, such as `account ada`; null where that is not known, as of notes before there was a sign-in, and to displays and " +
          "whoever has not signed in",
      ),
  })
  .register(answers, { id: "Annotation" });

export const annotationRequest = z
  .object({
    from: ms,
    to: ms.nullish().describe("the same as `from`, a moment, when left out"),
    text: z
      .string(TEXT)
      .max(LIMITS.text.note, TEXT)
      .regex(PLAIN_TEXT, NOT_PLAIN)
      .refine((text) => text.trim() !== "", TEXT),
    district: z.string().nullish().describe("a place's code; `all` when left out"),
    metric: z.string().nullish().describe("the metric it explains; null: whatever is looked at"),
  })
  .register(requests, { id: "AnnotationRequest" });
export type AnnotationRequest = z.input<typeof annotationRequest>;

export const annotationsAnswer = z
  .object({
    annotations: z.array(annotation),
    cut: z.boolean().describe(`there are more than ${LIMITS.history.annotations}: those that begin last are told`),
  })
  .register(answers, { id: "AnnotationsAnswer" });
export type AnnotationsAnswer = z.infer<typeof annotationsAnswer>;

export const annotationRoutes = {
  annotations: route({
    method: "get",
    path: "/api/v1/annotations/{city}",
    rule: { may: "look", of: "asked" },
    tag: "notes",
    summary: "Notes that touch a range, oldest first",
    params: z.object({ city: z.string() }),
    query: z.object({ from, to }),
    answers: { 200: { description: "OK", body: annotationsAnswer } },
    problems: { 400: "", 404: "", 429: "", 503: AWAY },
  }),
  annotate: route({
    method: "post",
    path: "/api/v1/annotations/{city}",
    rule: { may: "note", of: "asked" },
    tag: "notes",
    summary: "Write a note to a stretch of time",
    params: z.object({ city: z.string() }),
    body: annotationRequest,
    limit: LIMITS.notes,
    answers: { 201: { description: "The note", body: annotation } },
    problems: { 400: "", 401: "", 403: "", 404: "", 413: "", 429: "", 503: AWAY },
  }),
  unannotate: route({
    method: "delete",
    path: "/api/v1/annotations/{city}/{id}",
    rule: { may: "note", of: "asked" },
    tag: "notes",
    summary: "Take a note away",
    params: z.object({ city: z.string(), id: z.string() }),
    limit: LIMITS.notes,
    answers: { 200: { description: "It is gone", body: z.object({ ok: z.literal(true) }) } },
    problems: { 401: "", 403: "", 404: "", 429: "", 503: AWAY },
  }),
};
