import { randomUUID } from "node:crypto";
import { LIMITS } from "../contract/api/limits";
import { districtCodes, metricOf, type CityFacts } from "../contract/city";
import type { Annotation } from "../contract/history";
import { may, toldOf, type Permission, type Principal } from "../contract/rights";
import { byOf } from "./audit";
import { badParameter, refusal, type HttpError } from "./http";
import { clamped, rangeOf, type Past } from "./past-questions";
import type { Handlers } from "./router";
import { cityFor, districtFor, placeResource, topicsShown } from "./sight";

/** Where notes are told of, and may be taken away, where that is not everywhere in the city. */
function notesFor(who: Principal, permission: Permission, city: CityFacts): { places?: string[]; topics?: string[] } {
  if (may(who, permission, placeResource(city, "all"))) return {};
  const isAllowed = (place: string): boolean => may(who, permission, placeResource(city, place));
  return { places: districtCodes(city).filter(isAllowed), topics: topicsShown(who, city.id) };
}

/** A note as somebody is told of it. Names are what people sign in with: a wall, and who is nobody, has no use for them. */
function toldTo({ kind }: Principal): (note: Annotation) => Annotation {
  return (note) => (kind === "account" || kind === "local" ? note : { ...note, by: null });
}

const iso = (at: number): string => new Date(at).toISOString();

const notThere = ({ city, id }: { city: string; id: string }): HttpError =>
  refusal(404, "unknown-annotation", "id", `${city} has no note "${id}"`);

/**
 * Notes to stretches of time. Each carries who wrote it, and the audit log who wrote and who deleted it. No page of another site writes
 * one in somebody's name (`gate.ts`), and nobody more than the contract says.
 */
export function annotationApi({
  ask,
  audit,
  catalogue,
  now,
}: Past): Handlers<"annotations" | "annotate" | "unannotate"> {
  return {
    annotations: async ({ params, query }, { response, who }) => {
      const city = cityFor(who, catalogue, params.city);
      const asked = { city: city.id, ...rangeOf(query, now()), ...notesFor(who, "look", city) };
      const found = await ask(response, (store, signal) => store.call("annotations", asked, signal));
      const { annotations: most } = LIMITS.history;
      return { status: 200, body: { annotations: found.slice(-most).map(toldTo(who)), cut: found.length > most } };
    },
    annotate: async ({ params, body }, exchange) => {
      const { response, who } = exchange;
      const city = cityFor(who, catalogue, params.city);
      const [from, to] = [clamped(body.from, now()), clamped(body.to ?? body.from, now())];
      if (to < from) throw badParameter("to", "must not lie before from");
      const metric = body.metric ?? null;
      if (metric !== null && !metricOf(city, metric))
        throw badParameter("metric", `"${metric}" is not a metric of ${city.id}`);
      const annotation: Annotation = {
        id: randomUUID(),
        city: city.id,
        district: districtFor(who, "note", city, body.district ?? "all"),
        metric,
        from,
        to,
        text: body.text.trim(),
        made: now(),
        by: toldOf(who),
      };
      const { id, district, from: begin, to: end } = annotation;
      const detail = { district, metric: metric ?? "*", from: iso(begin), to: iso(end) };
      await audit(byOf(exchange), { action: "note.create", object: `note ${city.id} ${id}`, detail });
      await ask(response, (store) => store.call("annotate", annotation));
      return { status: 201, body: annotation };
    },
    unannotate: async ({ params }, exchange) => {
      const { response, who } = exchange;
      const city = cityFor(who, catalogue, params.city);
      const asked = { ...params, ...notesFor(who, "note", city) };
      const note = await ask(response, (store, signal) => store.call("annotation", asked, signal));
      if (!note) throw notThere(params);
      const detail = { made: iso(note.made), ...(note.by === null ? {} : { by: note.by }) };
      await audit(byOf(exchange), { action: "note.delete", object: `note ${city.id} ${note.id}`, detail });
      if (!(await ask(response, (store) => store.call("unannotate", asked)))) throw notThere(params);
      return { status: 200, body: { ok: true } };
    },
  };
}
