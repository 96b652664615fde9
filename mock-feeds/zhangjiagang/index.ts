import type { MockCity } from "../kit/city";
import { model as interfaces } from "./interfaces/model";
import { model as ioc } from "./ioc/model";
import { events } from "./joint-response/events";
import { model as jointResponse } from "./joint-response/model";
import { model as platform } from "./platform/model";
import { model as portal } from "./portal/model";
import { place } from "./place";

const systems = [platform, interfaces, jointResponse, portal, ioc];

/** 张家港: every system, one line each. */
export const city: MockCity = {
  place,
  systems,
  events,
  fleet: {
    system: "joint-response",
    kinds: [
      { prefix: "pat", label: "联动巡查", count: 46, pace: 0.6 },
      { prefix: "pol", label: "警车", count: 28, pace: 0.85 },
      { prefix: "san", label: "环卫", count: 40, pace: 0.45 },
      { prefix: "rep", label: "市政抢修", count: 22, pace: 0.7 },
      { prefix: "fir", label: "消防", count: 8, pace: 1 },
    ],
  },
};
