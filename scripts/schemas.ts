/** Writes the JSON Schemas that `$schema` in cities/ points to, so that editors complete and check. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { citySchema, metricsSchema } from "../lib/contract/city";
import { indicatorsSchema } from "../lib/contract/indicators";
import { screenSchema } from "../lib/contract/screens";
import { themeFileSchema } from "../lib/contract/theme-file";
import { widgets } from "../components/widgets/index";

type Json = Record<string, unknown>;

/** Every schema file by name, as text. */
export function schemaFiles(): Record<string, string> {
  const screen = z.toJSONSchema(screenSchema, { io: "input" }) as unknown as Json & {
    properties: { tiles: { items: Json } };
  };
  screen.properties.tiles.items.allOf = Object.entries(widgets).map(([type, { definition }]) => ({
    if: { properties: { widget: { const: type } }, required: ["widget"] },
    then: { properties: { settings: stripSchema(z.toJSONSchema(definition.schema, { io: "input" }) as Json) } },
  }));
  (screen.properties.tiles.items.properties as Json).widget = { enum: Object.keys(widgets) };
  const files: Record<string, unknown> = {
    "screen.schema.json": screen,
    "city.schema.json": z.toJSONSchema(citySchema, { io: "input", unrepresentable: "any" }),
    "indicators.schema.json": z.toJSONSchema(indicatorsSchema, { io: "input" }),
    "metrics.schema.json": z.toJSONSchema(metricsSchema, { io: "input" }),
    "theme.schema.json": z.toJSONSchema(themeFileSchema, { io: "input" }),
  };
  return Object.fromEntries(
    Object.entries(files).map(([name, schema]) => [name, `${JSON.stringify(schema, null, 1)}\n`]),
  );
}

function stripSchema({ $schema: _dropped, ...rest }: Json): Json {
  return rest;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../cities");
  for (const [name, text] of Object.entries(schemaFiles())) await writeFile(path.join(root, name), text);
}
