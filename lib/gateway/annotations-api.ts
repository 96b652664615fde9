import { randomUUID } from "node:crypto";
import { LIMITS } from "../contract/api/limits";
import { metricOf } from "../contract/city";
import type { Annotation } from "../contract/history";
import { badParameter, refusal } from "./http";
import { clamped, rangeOf, type Past } from "./past-questions";
import type { Handlers } from "./router";
import { knownCity, knownDistrict } from "./topic-check";

/**
 * Notes to stretches of time. Anybody who may look may write one, but no page of another site in his name (`gate.ts`),
 * and not more than the contract says.
 */
export function annotationApi({ ask, catalogue, now }: Past): Handlers<"annotations" | "annotate" | "unannotate"> {
  return {
    annotations: async ({ params: { city }, query }, { response }) => {
      knownCity(catalogue, city);
      const asked = { city, ...rangeOf(query, now()) };
      const found = await ask(response, (store, signal) => store.call("annotations", asked, signal));
      const { annotations: most } = LIMITS.history;
      return { status: 200, body: { annotations: found.slice(-most), cut: found.length > most } };
    },
    annotate: async ({ params, body }, { response }) => {
      const city = knownCity(catalogue, params.city);
      const [from, to] = [clamped(body.from, now()), clamped(body.to ?? body.from, now())];
      if (to < from) throw badParameter("to", "must not lie before from");
      const metric = body.metric ?? null;
      if (metric !== null && !metricOf(city, metric))
        throw badParameter("metric", `"${metric}" is not a metric of ${city.id}`);
      const annotation: Annotation = {
        id: randomUUID(),
        city: city.id,
        district: knownDistrict(city, body.district ?? "all"),
        metric,
        from,
        to,
        text: body.text.trim(),
        made: now(),
      };
      await ask(response, (store) => store.call("annotate", annotation));
      return { status: 201, body: annotation };
    },
    unannotate: async ({ params }, { response }) => {
      knownCity(catalogue, params.city);
      if (!(await ask(response, (store) => store.call("unannotate", params))))
        throw refusal(404, "unknown-annotation", "id", `${params.city} has no note "${params.id}"`);
      return { status: 200, body: { ok: true } };
    },
  };
}
