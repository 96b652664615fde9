import path from "node:path";
import { expect, it } from "vitest";
import { loadCity } from "@/lib/cities/load";
import { metricOf, siblingsOf, type Metric } from "@/lib/contract/city";
import { parseTopic } from "@/lib/contract/topics";
import { parseState } from "./analysis-state";
import { isSeen, questionsOf, type View } from "./questions";

const { facts: city } = await loadCity(path.resolve(import.meta.dirname, "../../cities"), "lianyungang");
const OWN = "320706";
const TO = Date.parse("2026-11-24T10:00:00Z");

/** Places that the page asks about, with all and another district chosen beside its own. */
function asked(seen: View["seen"]): string[] {
  const state = parseState(city, new URLSearchParams("metric=cases-today&vs=all,320703,day"), OWN);
  const metric = metricOf(city, state.metric) as Metric;
  const beside = siblingsOf(city, OWN)
    .map(({ adcode }) => adcode)
    .filter((place) => isSeen(seen, place));
  const questions = questionsOf({
    city,
    adcode: OWN,
    state,
    metric,
    other: metric,
    beside,
    seen,
    from: TO - 86_400_000,
    to: TO,
    asOf: undefined,
  });
  const topics = Object.values(questions).flatMap((parts) => parts.flatMap((part) => part.topics));
  return [
    ...new Set(
      topics.flatMap((topic) => parseTopic(topic) ?? []).map((name) => ("district" in name ? name.district : "")),
    ),
  ];
}

it("an analysis asks about no place that there is no right to: it would be refused with all the others", () => {
  expect(asked([OWN])).toEqual([OWN]);
  expect(asked([OWN, "320703"]).sort()).toEqual(["320703", OWN]);
  const all = asked(null);
  expect([all.includes("all"), all.includes("320703"), all.length]).toEqual([true, true, city.districts.length + 1]);
});
