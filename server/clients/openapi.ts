import createClient from "openapi-fetch";
import type { components, paths } from "./generated/openapi";

/** What somebody else would write against `/api/openapi.json`: it knows the generated types and nothing of this repository. */

type Problem = components["schemas"]["Problem"];

export interface Seen {
  accepted: number | undefined;
  rejected: [number, string, string][];
  value: number | null;
  freshness: string;
  openEvents: string[];
  history: { at: number[]; last: (number | null)[]; asOf: string | null } | undefined;
  values: (number | null)[] | undefined;
  metrics: string[] | undefined;
  refusals: [number, string, string | undefined][];
}

const TOPIC = "reading/lianyungang/all/cases-today";

function refusalOf({ response, error }: { response: Response; error?: Problem }): Seen["refusals"][number] {
  if (!error) throw new Error(`${response.url} was not refused`);
  return [response.status, error.code, error.field];
}

/** Publishes, reads back how it stands and what was, and makes mistakes. @param at observed, RFC 3339 */
export async function exercise(baseUrl: string, token: string, at: string): Promise<Seen> {
  const client = createClient<paths, "application/json" | "application/problem+json">({ baseUrl });
  const headers = { authorization: `Bearer ${token}` };
  const published = await client.POST("/api/v1/readings", {
    headers,
    body: {
      readings: [
        { city: "lianyungang", metric: "cases-today", at, value: 41.5, quality: "uncertain" },
        { city: "lianyungang", metric: "tides", at, value: 1 },
      ],
    },
  });
  const event = { id: "c-1", city: "lianyungang", kind: "noise", title: "噪声", severity: 2, source: "test", at };
  await client.POST("/api/v1/events", {
    headers,
    body: { events: [{ ...event, stage: "上报", stages: ["上报", "办结"] }] },
  });
  const snapshot = await client.GET("/api/v1/snapshot", {
    params: { query: { topic: [TOPIC, "events/lianyungang"] } },
  });
  const [reading, events] = snapshot.data?.topics ?? [];
  if (!reading || !("freshness" in reading) || !events || !("events" in events)) throw new Error("no snapshot");
  const past = await client.GET("/api/v1/history", {
    params: { query: { topic: [TOPIC], from: "now-1h", to: "now", step: "raw", asOf: "now" } },
  });
  const [series] = past.data?.series ?? [];
  const values = await client.POST("/api/v1/history/values", {
    body: { topics: [{ topic: TOPIC, at: [Date.parse(at), Date.parse(at) - 86_400_000] }] },
  });
  const city = await client.GET("/api/v1/cities/{city}", { params: { path: { city: "lianyungang" } } });
  return {
    accepted: published.data?.accepted,
    rejected: published.data?.rejected.map(({ index, reason, field }) => [index, reason, field]) ?? [],
    value: reading.value,
    freshness: reading.freshness,
    openEvents: events.events.map(({ id }) => id),
    history: series && past.data && { at: series.at, last: series.last ?? [], asOf: past.data.asOf },
    values: values.data?.values[0]?.values.map((found) => found?.value ?? null),
    metrics: city.data?.metrics.map(({ id }) => id),
    refusals: [
      refusalOf(await client.GET("/api/v1/history", { params: { query: { topic: [TOPIC], from: "yesterday" } } })),
      refusalOf(await client.GET("/api/v1/snapshot", { params: { query: { topic: ["reading/atlantis/all/x"] } } })),
      refusalOf(await client.POST("/api/v1/history/values", { body: { topics: [TOPIC], at: [] } })),
      refusalOf(
        await client.POST("/api/v1/events/{id}/transitions", {
          headers,
          params: { path: { id: "c-1" } },
          body: { city: "lianyungang", stage: "归档", at },
        }),
      ),
    ],
  };
}
