import { districtOf, metricOf, parentOf, type CityFacts } from "@/lib/contract/city";
import { issuesOf, fieldPath, type ValidationIssue } from "@/lib/contract/screens";
import { parseTopic } from "@/lib/contract/topics";
import { widgetOf, widgets } from "./index";

/** Faults of one tile: unknown widget, settings that do not fit it, topics the city does not have. */
export function checkTile(widget: string, settings: unknown, city: CityFacts): ValidationIssue[] {
  const definition = widgetOf(widget)?.definition;
  if (!definition)
    return [{ field: "widget", message: `"${widget}" is not one of ${Object.keys(widgets).join(", ")}` }];
  const parsed = definition.schema.safeParse(settings);
  if (!parsed.success) return issuesOf(parsed.error, ["settings"]);
  const issues = new Map<string, ValidationIssue>();
  for (const { topic } of definition.topics(parsed.data, city)) {
    const missing = missingIn(topic, city);
    if (!missing) continue;
    const field = fieldPath(["settings", ...(pathTo(settings, missing.value) ?? [])]);
    issues.set(field, { field, message: missing.message });
  }
  return [...issues.values()];
}

function missingIn(topic: string, city: CityFacts): { value: string; message: string } | null {
  const name = parseTopic(topic);
  if (!name) return { value: topic, message: `"${topic}" is not a topic` };
  if (name.kind === "reading") {
    const metric = metricOf(city, name.metric);
    if (!metric) return { value: name.metric, message: `"${name.metric}" is not a metric of ${city.id}` };
    if (name.district === "all") return null;
    if (!districtOf(city, name.district))
      return { value: name.district, message: `"${name.district}" is not a district of ${city.id}` };
    if (parentOf(city, name.district))
      return metric.subdivisions
        ? null
        : { value: name.metric, message: `"${name.metric}" has no values for parts of districts` };
    return metric.districts ? null : { value: name.metric, message: `"${name.metric}" has no values by district` };
  }
  if (name.kind === "positions" && !city.layers.some((layer) => layer.id === name.layer))
    return { value: name.layer, message: `"${name.layer}" is not a layer of ${city.id}` };
  if (name.kind === "events" && !city.events) return { value: "events", message: `${city.id} has no events` };
  return null;
}

/** Where in the settings a value stands, so that the issue can name the field. */
function pathTo(value: unknown, wanted: string): PropertyKey[] | null {
  if (value === wanted) return [];
  if (typeof value !== "object" || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const path = pathTo(inner, wanted);
    if (path) return [Array.isArray(value) ? Number(key) : key, ...path];
  }
  return null;
}
