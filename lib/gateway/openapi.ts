import { z } from "zod";
import { ROUTES } from "../contract/api";
import { LIMITS } from "../contract/api/limits";
import { answers, requests } from "../contract/api/parts";
import { problem, PROBLEM_TYPE } from "../contract/api/problem";
import type { AnswerSchema, RouteSchema } from "../contract/api/route";

export type Json = Record<string, unknown>;

const uri = (id: string): string => `#/components/schemas/${id}`;

/**
 * What JSON Schema is made for, and how: `closed` lets an answer hold nothing but what is declared, as tests want it.
 */
interface Form {
  target?: "draft-2020-12" | "draft-7";
  closed?: boolean;
}

/**
 * Clients are to take no offence at a member that a later version adds: what is answered stays open in the documents.
 */
function open({ jsonSchema }: { jsonSchema: { additionalProperties?: unknown } }): void {
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
}

function bare({ $schema: _schema, $id: _id, ...schema }: Json): Json {
  return schema;
}

/** Every named schema of the contract. */
function namedSchemas({ target = "draft-2020-12", closed = false }: Form = {}): Record<string, Json> {
  const common = { uri, target, unrepresentable: "any" } as const;
  const asked = z.toJSONSchema(requests, { ...common, io: "input" });
  const answered = z.toJSONSchema(answers, { ...common, io: "output", ...(closed ? {} : { override: open }) });
  const all = { ...asked.schemas, ...answered.schemas };
  return Object.fromEntries(Object.entries(all).map(([name, schema]) => [name, bare(schema as Json)]));
}

/** A schema in a document: by its name, or in place where it has none. */
export function schemaOf(schema: z.ZodType, io: "input" | "output", form: Form = {}): Json {
  const name = (io === "input" ? requests : answers).get(schema)?.id;
  if (name !== undefined) return { $ref: uri(name) };
  const { target = "draft-2020-12", closed = false } = form;
  const options = {
    io,
    target,
    unrepresentable: "any",
    ...(io === "output" && !closed ? { override: open } : {}),
  } as const;
  return bare(z.toJSONSchema(schema, options));
}

function namesIn(part: unknown): string[] {
  const names: string[] = [];
  JSON.stringify(part, (key, value: unknown) => {
    if (key === "$ref" && typeof value === "string") names.push(value.slice(uri("").length));
    return value;
  });
  return names;
}

/** The named schemas that a document uses, at once or through others, for its `#/components/schemas`. */
export function schemasFor(document: Json, form: Form): Record<string, Json> {
  const all = namedSchemas(form);
  const used = new Set<string>();
  const waiting = namesIn(document);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (used.has(name) || !all[name]) continue;
    used.add(name);
    waiting.push(...namesIn(all[name]));
  }
  return Object.fromEntries([...used].sort().map((name) => [name, all[name] as Json]));
}

function parametersOf({ params, query }: RouteSchema): Json[] {
  return [["path", params] as const, ["query", query] as const].flatMap(([place, schema]) => {
    if (!schema) return [];
    const { properties, required = [] } = schemaOf(schema, "input") as {
      properties: Record<string, Json>;
      required?: string[];
    };
    return Object.entries(properties).map(([name, { description, deprecated, ...rest }]) => ({
      name,
      in: place,
      required: required.includes(name),
      ...(description === undefined ? {} : { description }),
      ...(deprecated === undefined ? {} : { deprecated }),
      schema: rest,
    }));
  });
}

function bodyOf({ body, batch, item }: RouteSchema): Json {
  const json = body ?? batch?.body ?? item;
  if (!json) return {};
  const content = {
    "application/json": { schema: schemaOf(json, "input") },
    ...(batch ? { "application/x-ndjson": { schema: schemaOf(batch.item, "input") } } : {}),
  };
  const { items, item: longest } = LIMITS.batch;
  const description = batch
    ? `At most ${LIMITS.body} bytes and ${items} items of ${longest} bytes. In NDJSON each line is an item.`
    : `At most ${LIMITS.question} bytes, and ${LIMITS.questionParts} values in it.`;
  return { requestBody: { required: true, description, content } };
}

const BYTES: Json = { type: "string", format: "binary" };
const TEXT: Json = { type: "string" };

function answerOf({ description, body, type = "application/json", files = [] }: AnswerSchema, closed: boolean): Json {
  if (!body) return { description };
  const others = Object.fromEntries(files.map((file) => [file, { schema: file.startsWith("text/") ? TEXT : BYTES }]));
  return { description, content: { [type]: { schema: schemaOf(body, "output", { closed }) }, ...others } };
}

const REFUSALS: Record<number, string> = {
  400: "A parameter is wrong, or the request cannot be read",
  401: "Sign in first; of what programs send: a token is needed",
  403: "Not with this token, or not from a page of another site",
  404: "There is no such thing",
  409: "It cannot be done any more",
  412: "It is not what If-Match names",
  413: "The body is too large",
  416: "The range lies beyond the end",
  422: "It is understood and cannot be done",
  429: "Too many requests: come again after Retry-After",
  500: "The gateway failed",
  503: "Not now: come again after Retry-After",
};

function refusalOf(status: number, said: string): Json {
  const later = status === 429 || status === 503;
  return {
    description: said || REFUSALS[status],
    ...(later ? { headers: { "Retry-After": { description: "seconds", schema: { type: "integer" } } } } : {}),
    content: { [PROBLEM_TYPE]: { schema: schemaOf(problem, "output") } },
  };
}

/** An answer whose status is one of refusals as well: a batch's 403 tells of its items, or refuses all of it. */
function eitherOf(answer: Json, refusal: Json): Json {
  const said = [answer, refusal].map(({ description }) => String(description)).join("; or: ");
  return { description: said, content: { ...(answer.content as Json), ...(refusal.content as Json) } };
}

/** How a route may be refused by its rule alone: to nobody who is known, and to who is known and has no right. */
function ruleProblems(rule: RouteSchema["rule"]): RouteSchema["problems"] {
  if (rule === "anyone" || rule === "token") return {};
  return rule === "self" ? { 401: "" } : { 401: "", 403: "" };
}

/** Where a token is needed, or is enough for who is not signed in. */
function securityOf(rule: RouteSchema["rule"]): Json {
  if (rule === "token") return { security: [{ token: [] }] };
  return typeof rule === "object" && rule.token !== undefined ? { security: [{ token: [] }, {}] } : {};
}

function operationOf(name: string, schema: RouteSchema, closed: boolean): Json {
  const { tag, summary, deprecated, rule, answers: known } = schema;
  const problems = { ...ruleProblems(rule), ...schema.problems };
  const parameters = parametersOf(schema);
  const refusals = Object.fromEntries(
    Object.entries(problems).map(([status, said]) => [status, refusalOf(Number(status), said ?? "")]),
  );
  const answered = Object.entries(known).map(([status, answer]) => {
    const [own, refusal] = [answerOf(answer, closed), refusals[status]];
    return [status, refusal ? eitherOf(own, refusal) : own] as const;
  });
  const responses = {
    ...refusals,
    ...Object.fromEntries(answered),
    default: refusalOf(
      500,
      "Any other refusal: 400 for a request that cannot be read, 403 for a page of another site that asks for more " +
        "than to read, 405 for a method that a path does not take, 408 for a request that is not whole in time, 421 " +
        "for a host that is none of the server's names, 426 for an upgrade that is not spoken here, 429 for an address " +
        "that asks for too much, 431 for a head that is too long, 500 for a failure of the gateway, 503 where too much is under way",
    ),
  };
  return {
    operationId: name,
    tags: [tag],
    summary,
    ...(deprecated ? { deprecated } : {}),
    ...securityOf(rule),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...bodyOf(schema),
    responses,
  };
}

const DESCRIPTION = [
  "Readings, events and positions in; how they stand and stood out.",
  "",
  "A request that is refused as a whole is answered with problem details (RFC 9457, " +
    "`application/problem+json`): `code` says what it is, `field` and `errors` which parameter. Their member " +
    "`error: {code, message}` is the form that refusals had before; programs written for it go on working.",
  "",
  "HEAD is answered wherever GET is. Earlier names go on being read and are marked as deprecated: `known` (now " +
    "`asOf`), `thin` (now `downsample`), `/parts/` (now `/subdivisions/`).",
].join("\n");

/** `/api/openapi.json`. @param closed answers hold nothing but what is declared: the form that tests hold answers to */
export function makeOpenapi(closed = false): Json {
  const paths: Record<string, Json> = {};
  for (const [name, schema] of Object.entries(ROUTES) as [string, RouteSchema][])
    paths[schema.path] = { ...paths[schema.path], [schema.method]: operationOf(name, schema, closed) };
  return {
    openapi: "3.1.0",
    info: {
      title: "Citywall",
      version: "1.1.0",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      description: DESCRIPTION,
    },
    servers: [{ url: "/" }],
    components: {
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
      schemas: schemasFor(paths, { closed }),
    },
    paths,
  };
}

let made: Json | null = null;

/** The published document. Made when first asked for: few ask, and every start would pay. */
export function openapi(): Json {
  made ??= makeOpenapi();
  return made;
}
