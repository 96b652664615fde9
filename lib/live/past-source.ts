import { GatewayRefusal, readAnswer } from "../contract/answer";
import type { ChangesBody, EventReports, PastBody, ValuesAnswer, ValuesBody } from "../contract/api/history";
import type { CityEvent, EventReport } from "../contract/events";
import type { Changes, ChangesRequest, PastRequest, PastSnapshot } from "../contract/history";
import { NO_RIGHT } from "../contract/rights";
import type { PastValue, ValuesItem } from "../contract/values";

/** Where the past comes from. */
export interface PastSource {
  snapshot(request: PastRequest): Promise<PastSnapshot>;
  changes(request: ChangesRequest): Promise<Changes>;
  values(items: ValuesItem[]): Promise<(PastValue | null)[][]>;
  event(request: EventLookup): Promise<CityEvent | null>;
  /** who reported what of an event, in the order it came */
  reports(city: string, id: string): Promise<EventReport[]>;
}

/** Which event, and as it stood (`at`) or was known (`known`) when, ms; neither: as it stands now. */
interface EventLookup {
  city: string;
  id: string;
  at?: number;
  known?: number;
}

/** The same question, answered with what is known now. */
export function asKnownNow({ topic, at }: ValuesItem): ValuesItem {
  return { topic, at };
}

/** A moment of which there is no right to anything. @throws what was thrown for another reason */
function ofNothing({ at, topics }: PastRequest, error: unknown): PastSnapshot {
  if (!(error instanceof GatewayRefusal && error.code === "no-right")) throw error;
  const refused = topics.map(({ topic }) => ({ topic, reason: NO_RIGHT }));
  return { epoch: at, now: at, set: 1, seq: 0, order: [], topics: {}, refused, spacing: null, completeUntil: at };
}

/** Asks the gateway that served this page. @throws Error with the gateway's own words */
export function gatewayPast(): PastSource {
  async function ask<T>(path: string, body: PastBody | ChangesBody | ValuesBody): Promise<T> {
    const response = await fetch(`/api/v1/history/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return readAnswer<T>(response);
  }
  return {
    snapshot: (request) => ask<PastSnapshot>("snapshot", request).catch((error: unknown) => ofNothing(request, error)),
    changes: (request) => ask("changes", request),
    async values(items) {
      const { values } = await ask<ValuesAnswer>("values", { topics: items });
      return values.map((item) => item.values);
    },
    async event({ city, id, ...moments }) {
      const ask = new URLSearchParams(Object.entries(moments).map(([name, at]) => [name, new Date(at).toISOString()]));
      const response = await fetch(`/api/v1/history/events/${city}/${encodeURIComponent(id)}?${ask.toString()}`);
      if (response.status === 404) return null;
      const answer = (await response.json()) as { event: CityEvent; error?: { message: string } };
      if (!response.ok) throw new Error(answer.error?.message ?? String(response.status));
      return answer.event;
    },
    async reports(city, id) {
      const response = await fetch(`/api/v1/history/events/${city}/${encodeURIComponent(id)}/reports`);
      return (await readAnswer<EventReports>(response)).reports;
    },
  };
}
