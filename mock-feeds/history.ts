import type { MockCity } from "./kit/city";
import { versionsBetween, type MockEvent } from "./kit/events";
import { Fleet, parseRoads } from "./kit/fleet";
import { sample, sent } from "./kit/model";
import { seedOf } from "./kit/place";
import type { MockPosition } from "./kit/position";
import { roadSpeeds } from "./kit/roads";
import { busy } from "./kit/rhythm";

export { cities } from "./index";

/** One reading of the models' past; `at` in ms. */
export interface PastReading {
  district: string;
  metric: string;
  at: number;
  value: number;
}

/**
 * What every model of a place says for the moments of [from, to), a step (s) apart, oldest first; one list a moment.
 */
export function* pastReadings(
  { place, systems }: MockCity,
  seed: number,
  from: number,
  to: number,
  step: number,
): Generator<PastReading[]> {
  const models = systems.flatMap((system) => system.metrics);
  const own = seedOf(place, seed);
  for (let second = Math.ceil(from / 1000 / step) * step; second * 1000 < to; second += step) {
    const at = second * 1000;
    yield models
      .filter((model) => second % (Math.ceil(model.interval / step) * step) === 0)
      .flatMap((model) =>
        sent(model, sample(place, model, own, at)).map(({ district, metric, value }) => ({
          district,
          metric,
          at,
          value,
        })),
      );
  }
}

/** Every stage that an event of a place reached in [from, to). */
export function pastEvents(city: MockCity, seed: number, from: number, to: number): MockEvent[] {
  return city.events ? versionsBetween(city.events, seedOf(city.place, seed), from, to) : [];
}

/** Vehicles and road speeds of [from, to), a step (s) apart. @param roads text of roads.geojson */
export function* pastPositions(
  { place, fleet: kinds }: MockCity,
  seed: number,
  from: number,
  to: number,
  step: number,
  roads: string,
): Generator<MockPosition[]> {
  if (!kinds) return;
  const parsed = parseRoads(roads);
  const own = seedOf(place, seed);
  const fleet = new Fleet(place.city, kinds.kinds, own, parsed);
  for (let at = Math.ceil(from / 1000 / step) * step * 1000; at < to; at += step * 1000) {
    const flow = 1 - 0.5 * busy("commute", at);
    for (let second = 0; second < step; second += 10) fleet.step(10, flow);
    const stamp = new Date(at).toISOString();
    yield [
      ...fleet.positions(stamp, flow),
      ...(at % 60_000 === 0 ? roadSpeeds(place.city, parsed, own, at, stamp) : []),
    ];
  }
}
