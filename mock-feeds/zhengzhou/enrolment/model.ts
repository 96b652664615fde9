import { fixed, type SystemModel } from "../../kit/model";
import { capacity, demand, opensIn, queue, response, waiting } from "./drill";

/** 新生入学 */
export const model: SystemModel = {
  id: "enrolment",
  basis:
    "Published: a launch that the system did not survive, far more visits at the opening second than it could " +
    "carry; 15,000+ children enrolled in the first two days: 7,500 a day. 21,000 people waiting for an opening " +
    "and a capacity of 3,000 visits a second are assumed. A drill repeats the opening every two hours from 8 to " +
    "20 o’clock, and on demand.",
  metrics: [
    { kind: "day", metric: "enrol-today", interval: 5, daily: 7_500, rhythm: "opening", weekend: 1, holiday: 1 },
    fixed("enrol-first-days", 15_000),
    { kind: "gauge", metric: "enrol-demand", interval: 1, decimals: 0, at: demand },
    { kind: "gauge", metric: "enrol-capacity", interval: 5, decimals: 0, at: capacity },
    { kind: "gauge", metric: "enrol-waiting", interval: 2, decimals: 0, at: waiting },
    { kind: "gauge", metric: "enrol-opens-in", interval: 1, decimals: 0, at: opensIn },
    { kind: "gauge", metric: "enrol-queue", interval: 2, decimals: 0, at: queue },
    { kind: "gauge", metric: "enrol-response", interval: 2, decimals: 1, at: response },
  ],
};
