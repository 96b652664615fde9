import { sample } from "./kit/model";
import { busy } from "./kit/rhythm";
import { systems } from "./index";
import { roadSpeeds } from "./traffic/roads";
import { Fleet, parseRoads } from "./traffic/vehicles";
import type { MockPosition } from "./kit/position";

export { versionsBetween as pastEvents } from "./operations-center/events";

/** One reading of the models' past; `at` in ms. */
export interface PastReading {
  district: string;
  metric: string;
  at: number;
  value: number;
}

/** What every model of Lianyungang says for the moments of [from, to), a step (s) apart, oldest first; one list a moment. */
export function* pastReadings(seed: number, from: number, to: number, step: number): Generator<PastReading[]> {
  const models = systems.flatMap((system) => system.metrics);
  for (let second = Math.ceil(from / 1000 / step) * step; second * 1000 < to; second += step) {
    const at = second * 1000;
    yield models.filter((model) => second % (Math.ceil(model.interval / step) * step) === 0).flatMap((model) => sample(model, seed, at).map(({ district, metric, value }) => ({ district, metric, at, value })));
  }
}

/** Vehicles and road speeds of [from, to), a step (s) apart. @param roads text of roads.geojson */
export function* pastPositions(seed: number, from: number, to: number, step: number, roads: string): Generator<MockPosition[]> {
  const parsed = parseRoads(roads);
  const fleet = new Fleet(seed, parsed);
  for (let at = Math.ceil(from / 1000 / step) * step * 1000; at < to; at += step * 1000) {
    const flow = 1 - 0.5 * busy("commute", at);
    for (let second = 0; second < step; second += 10) fleet.step(10, flow);
    const stamp = new Date(at).toISOString();
    yield [...fleet.positions(stamp, flow), ...(at % 60_000 === 0 ? roadSpeeds(parsed, seed, at, stamp) : [])];
  }
}
