import specs from "@asyncapi/specs";
import { Validator } from "@seriousme/openapi-schema-validator";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { ROUTES } from "../contract/api";
import { LIMITS } from "../contract/api/limits";
import { TO_CLIENT, TO_GATEWAY } from "../contract/api/socket";
import { asyncapi } from "./asyncapi";
import { openapi } from "./openapi";

interface Tree {
  [key: string]: Tree | undefined;
}

/** Every `$ref` of a document, and what it stands for; undefined where it stands for nothing. */
function references(document: object): [string, unknown][] {
  const found: [string, unknown][] = [];
  JSON.stringify(document, (key, value: unknown) => {
    if (key === "$ref" && typeof value === "string")
      found.push([
        value,
        value
          .slice(2)
          .split("/")
          .reduce<unknown>((at, part) => (at as Tree | undefined)?.[part], document),
      ]);
    return value;
  });
  return found;
}

describe("/api/openapi.json", () => {
  const document = openapi() as unknown as Tree;

  it("is an OpenAPI 3.1 document whose references lead somewhere", async () => {
    const result = await new Validator().validate(JSON.parse(JSON.stringify(document)) as Record<string, unknown>);
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
    const found = references(document);
    expect(found.length).toBeGreaterThan(50);
    expect(found.filter(([, target]) => target === undefined)).toEqual([]);
    expect(document.components?.schemas).not.toHaveProperty("SubscribeRequest");
  });

  it("says the bounds that are checked, and calls earlier names deprecated", () => {
    const schemas = document.components?.schemas as unknown as Record<string, Tree>;
    expect(schemas.ValuesRequest?.properties?.topics).toMatchObject({ minItems: 1, maxItems: LIMITS.values.topics });
    expect(schemas.ReadingRequest?.properties?.value).toMatchObject({ maximum: LIMITS.value });
    expect(schemas.EventRequest?.properties?.steps).toMatchObject({ maxItems: LIMITS.steps });
    expect(schemas.ChangesRequest?.properties?.thin).toMatchObject({ deprecated: true });
    const parameters = document.paths?.["/api/v1/history"]?.get?.parameters as unknown as Tree[];
    expect(parameters.find(({ name }) => (name as unknown) === "known")).toMatchObject({ deprecated: true });
    expect(parameters.find(({ name }) => (name as unknown) === "asOf")).not.toHaveProperty("deprecated");
    expect(document.paths?.["/api/v1/cities/{city}/parts/{adcode}.geojson"]?.get).toMatchObject({ deprecated: true });
  });

  it("says how long an item of a batch may be, in the bytes that count", () => {
    const body = document.paths?.["/api/v1/readings"]?.post?.requestBody as unknown as { description: string };
    expect(body.description).toContain(`items of ${LIMITS.batch.item} bytes.`);
  });

  it("has every route, and no name twice", () => {
    const operations = Object.values(document.paths ?? {}).flatMap((path) => Object.values(path ?? {}));
    expect(operations.map((operation) => operation?.operationId as unknown as string).sort()).toEqual(
      Object.keys(ROUTES).sort(),
    );
  });
});

describe("/api/asyncapi.json", () => {
  const document = asyncapi() as unknown as Tree;

  it("is an AsyncAPI 3 document whose references lead somewhere", () => {
    const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false, meta: false });
    addFormats(ajv);
    const validate = ajv.compile(specs.schemas["3.0.0"] as object);
    validate(JSON.parse(JSON.stringify(document)));
    expect(validate.errors ?? []).toEqual([]);
    expect(references(document).filter(([, target]) => target === undefined)).toEqual([]);
    expect(document.components?.schemas).not.toHaveProperty("ReadingRequest");
  });

  it("has every event, and asks for what the gateway reads", () => {
    const messages = document.channels?.live?.messages as Tree;
    expect(Object.values(messages).map((message) => message?.name as unknown)).toEqual(
      expect.arrayContaining([...Object.keys(TO_GATEWAY), ...Object.keys(TO_CLIENT)]),
    );
    const topics = document.components?.schemas?.SubscribeRequest?.properties?.topics;
    expect(topics?.items?.required).toEqual(["topic", "spans"]);
  });
});
