import type { MockCity } from "../kit/city";
import { spots } from "../kit/spots";
import { model as data } from "./data/model";
import { model as joint } from "./joint/model";
import { events } from "./operations/events";
import { model as operations } from "./operations/model";
import { model as parking } from "./parking/model";
import { model as scenes } from "./scenes/model";
import { model as services } from "./services/model";
import { model as traffic } from "./traffic/model";
import { place } from "./place";

const systems = [traffic, parking, scenes, data, services, joint, operations];

/** 杭州: every system, one line each. */
export const city: MockCity = {
  place,
  systems,
  events,
  fleet: {
    system: "traffic",
    kinds: [
      { prefix: "bus", label: "公交", count: 180, pace: 0.7 },
      { prefix: "taxi", label: "出租", count: 110, pace: 0.95 },
      { prefix: "amb", label: "急救", count: 20, pace: 1.1 },
      { prefix: "pol", label: "巡逻", count: 30, pace: 0.8 },
    ],
  },
  spots: [{ system: "parking", at: (seed, stamp) => spots(place, "car-parks", 180, "停车场", seed, stamp) }],
};
