import type { z } from "zod";
import type { Rule } from "../rights";
import type { ProblemCode } from "./problem";

/** What an answer with one status holds. Without `body` it is told by its description alone. */
export interface AnswerSchema {
  description: string;
  body?: z.ZodType;
  /** media type of `body`; application/json */
  type?: string;
  /** media types of the same answer in other forms */
  files?: readonly string[];
}

/** One method of one path, as router, types and documents know it. */
export interface RouteSchema {
  method: "get" | "post" | "delete";
  /** as OpenAPI writes it, `/api/v1/cities/{city}` */
  path: string;
  tag: string;
  summary: string;
  deprecated?: boolean;
  /** what it asks of who comes */
  rule: Rule;
  /** requests of one address, a second and at once; routes that name the same share them. Counted before any work */
  limit?: { rate: number; burst: number };
  /** names in the path; whether there is such a thing is looked up, so the router checks no pattern */
  params?: z.ZodObject;
  query?: z.ZodObject;
  /**
   * codes that a refused query has here instead of `bad-parameter`, where a parameter is missing and where there are
   * too many
   */
  codes?: { missing: ProblemCode; many: ProblemCode };
  /** a JSON object that the router checks */
  body?: z.ZodType;
  /** a list of items that are judged one by one, in JSON under `key` or a line each in NDJSON */
  batch?: { key: string; body: z.ZodType; item: z.ZodType };
  /** an object that the handler judges itself, on the live path */
  item?: z.ZodType;
  answers: Readonly<Record<number, AnswerSchema>>;
  /** statuses that come with problem details, and what they say here where the code's own words are not enough */
  problems: Readonly<Partial<Record<number, string>>>;
}

/** Keeps a route's exact type, from which handlers and callers have theirs. */
export function route<const R extends RouteSchema>(schema: R): R {
  return schema;
}

type Output<S> = S extends z.ZodType ? z.output<S> : Record<string, never>;

/** What a handler gets of a request that was checked. */
export interface InputOf<R extends RouteSchema> {
  params: Output<R["params"]>;
  query: Output<R["query"]>;
  body: Output<R["body"]>;
}

type Statuses<R extends RouteSchema> = keyof R["answers"] & number;
type BodyOf<A> = A extends { body: infer B extends z.ZodType } ? { body: z.output<B> } : { body?: never };

/** What a handler may answer in JSON. */
export type JsonReply<R extends RouteSchema> = {
  [S in Statuses<R>]: { status: S; headers?: Record<string, string> } & BodyOf<R["answers"][S]>;
}[Statuses<R>];
