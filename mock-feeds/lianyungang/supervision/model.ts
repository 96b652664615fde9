import { carriedOver, closedToday, isOverdue, openedToday, standsIn, type CaseModel } from "../../kit/cases";
import type { SystemModel } from "../../kit/model";
import { place } from "../place";

/** Tasks from dispatch to close. */
const tasks: CaseModel = {
  place,
  prefix: "sup",
  aDay: 420,
  rhythm: "office",
  weekend: 0.3,
  holiday: 0.15,
  late: 0.06,
  stages: [
    { name: "派发", part: 0 },
    { name: "接收", part: 0.1 },
    { name: "办理", part: 0.25 },
    { name: "复核反馈", part: 0.8 },
    { name: "办结", part: 1 },
  ],
  kinds: [{ kind: "task", severity: 1, hours: 22, share: 1 }],
};

/** 互联网+监管: dispatch, accept, handle, review */
export const model: SystemModel = {
  id: "supervision",
  basis: "Four stages are published, no figure; 420 tasks a day are assumed.",
  metrics: [
    { kind: "gauge", metric: "tasks-dispatch", interval: 5, of: tasks, count: standsIn(0) },
    { kind: "gauge", metric: "tasks-accept", interval: 5, of: tasks, count: standsIn(1) },
    { kind: "gauge", metric: "tasks-handle", interval: 5, of: tasks, count: standsIn(2) },
    { kind: "gauge", metric: "tasks-review", interval: 5, of: tasks, count: standsIn(3) },
    { kind: "day", metric: "tasks-today", interval: 5, of: tasks, count: openedToday, byDistrict: true },
    { kind: "day", metric: "tasks-closed-today", interval: 5, of: tasks, count: closedToday },
    { kind: "gauge", metric: "tasks-carried", interval: 5, of: tasks, count: carriedOver },
    { kind: "gauge", metric: "tasks-overdue", interval: 10, of: tasks, count: isOverdue, byDistrict: true },
  ],
};
