import type { ApiParts } from "./api";
import { asyncapi } from "./asyncapi";
import { rarely } from "./cacheable";
import { openapi } from "./openapi";
import { readinessToOthers } from "./readiness";
import type { Handlers } from "./router";
import { visitorOf } from "./visitor";

/** How the gateway does, and what it can be asked. */
export function operationApi({
  stats,
  ready,
  gauges,
}: Pick<ApiParts, "stats" | "ready" | "gauges">): Handlers<"health" | "ready" | "metrics" | "openapi" | "asyncapi"> {
  return {
    health: () => ({ status: 200, body: { ok: true } }),
    ready: (_input, { request }) => {
      const readiness = visitorOf(request).here ? ready() : readinessToOthers(ready());
      return readiness.ready ? { status: 200, body: readiness } : { status: 503, body: readiness };
    },
    metrics: async () => {
      gauges();
      return { status: 200, type: stats.registry.contentType, pieces: [await stats.registry.metrics()] };
    },
    openapi: () => rarely(openapi()),
    asyncapi: () => rarely(asyncapi()),
  };
}
