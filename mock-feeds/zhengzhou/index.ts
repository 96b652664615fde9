import type { MockCity } from "../kit/city";
import { spots } from "../kit/spots";
import { model as app } from "./app/model";
import { model as dataPlatform } from "./data-platform/model";
import { model as enrolment } from "./enrolment/model";
import { events } from "./governance/events";
import { model as governance } from "./governance/model";
import { model as outpatient } from "./outpatient/model";
import { model as registration } from "./registration/model";
import { model as staffApp } from "./staff-app/model";
import { place } from "./place";

const systems = [app, outpatient, enrolment, registration, governance, dataPlatform, staffApp];

/** 郑州: every system, one line each. */
export const city: MockCity = {
  place,
  systems,
  events,
  fleet: {
    system: "governance",
    kinds: [
      { prefix: "dump", label: "渣土车", count: 140, pace: 0.7 },
      { prefix: "mixer", label: "搅拌车", count: 60, pace: 0.65 },
      { prefix: "haz", label: "危化品车", count: 24, pace: 0.7 },
      { prefix: "san", label: "环卫车", count: 50, pace: 0.45 },
      { prefix: "amb", label: "急救车", count: 18, pace: 1.1 },
    ],
  },
  spots: [{ system: "governance", at: (seed, stamp) => spots(place, "car-parks", 90, "医院停车场", seed, stamp) }],
};
