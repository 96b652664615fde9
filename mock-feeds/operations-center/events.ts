import { DAY, dayOf, dayPart, dayStart } from "../kit/clock";
import { DISTRICTS, SHARES } from "../kit/model";
import { chance } from "../kit/random";
import { SEATS } from "../kit/seats";
import { doneBy } from "../kit/rhythm";

/** One event as the center's own system tells it. */
export interface MockEvent {
  id: string;
  city: string;
  district: string;
  kind: string;
  title: string;
  severity: number;
  stage: string;
  stages: string[];
  at: string;
  updated: string;
  lon: number;
  lat: number;
  source: string;
}

const STAGES = ["上报", "受理", "派遣", "处置", "核查", "办结"];
/** When each stage begins, as a part of the time the event takes. */
const STAGE_PARTS = [0, 0.05, 0.15, 0.25, 0.85, 1];
const EVENTS_A_DAY = 160;
const LONGEST = 14 * 3_600_000;

const KINDS: { kind: string; severity: number; hours: number; share: number; title: string }[] = [
  { kind: "traffic-accident", severity: 3, hours: 1.2, share: 0.17, title: "车辆剐蹭，占用一条车道" },
  { kind: "street-lamp", severity: 1, hours: 9, share: 0.14, title: "路灯不亮" },
  { kind: "manhole-cover", severity: 2, hours: 4, share: 0.1, title: "井盖破损" },
  { kind: "illegal-parking", severity: 1, hours: 1.5, share: 0.16, title: "违停占用盲道" },
  { kind: "water-leak", severity: 2, hours: 5, share: 0.1, title: "供水管道渗漏" },
  { kind: "noise", severity: 1, hours: 2.5, share: 0.12, title: "夜间施工噪声扰民" },
  { kind: "road-flooding", severity: 3, hours: 3, share: 0.05, title: "路段积水" },
  { kind: "fallen-tree", severity: 2, hours: 2, share: 0.06, title: "树木倒伏影响通行" },
  { kind: "fire-alarm", severity: 4, hours: 1.8, share: 0.03, title: "沿街商铺冒烟报警" },
  { kind: "garbage", severity: 1, hours: 6, share: 0.07, title: "垃圾堆积未清运" },
];
const STREETS = ["解放路", "海连路", "苍梧路", "学院路", "朝阳路", "郁洲路", "花果山大道", "瀛洲路", "人民路", "幸福路", "振兴路", "通榆路"];

function choose<T>(items: readonly T[], weight: (item: T) => number, draw: number): T {
  let left = draw * items.reduce((sum, item) => sum + weight(item), 0);
  for (const item of items) {
    left -= weight(item);
    if (left <= 0) return item;
  }
  return items[items.length - 1] as T;
}

/** The moment at which a part of the day's events has come in. */
function timeOf(seed: number, day: number, part: number): number {
  let low = 0;
  let high = 1;
  for (let i = 0; i < 18; i++) {
    const middle = (low + high) / 2;
    if (doneBy("daily", seed, "events", dayStart(day) + middle * (DAY - 1)) < part) low = middle;
    else high = middle;
  }
  return Math.floor(dayStart(day) + low * DAY);
}

/** How long an event takes from report to close, ms. */
function durationOf(seed: number, day: number, k: number, hours: number): number {
  return hours * 3_600_000 * (0.4 + 1.1 * chance(seed, "takes", day, k));
}

/** Event number `k` of a day as it stands at `at`. Depends on seed and time alone. */
function eventAt(seed: number, day: number, k: number, at: number): MockEvent | null {
  const opened = timeOf(seed, day, (k + chance(seed, "event", day, k)) / EVENTS_A_DAY);
  if (opened > at) return null;
  const kind = choose(KINDS, (item) => item.share, chance(seed, "kind", day, k));
  const district = choose(DISTRICTS, (item) => SHARES[item] ?? 0, chance(seed, "district", day, k));
  const takes = durationOf(seed, day, k, kind.hours);
  let stage = 0;
  while (stage < STAGES.length - 1 && at >= opened + takes * (STAGE_PARTS[stage + 1] ?? 1)) stage++;
  const [lon, lat] = SEATS[district] ?? [119.2, 34.6];
  const spread = 0.09 * chance(seed, "far", day, k) ** 1.5 + 0.008;
  const turn = 2 * Math.PI * chance(seed, "turn", day, k);
  const street = STREETS[Math.floor(chance(seed, "street", day, k) * STREETS.length)] ?? "";
  return {
    id: `ioc-${day}-${k}`, city: "lianyungang", district, kind: kind.kind,
    title: `${street}${kind.title}`, severity: kind.severity, stage: STAGES[stage] ?? "", stages: STAGES,
    at: new Date(opened).toISOString(), updated: new Date(Math.floor(opened + takes * (STAGE_PARTS[stage] ?? 0))).toISOString(),
    lon: Number((lon + Math.cos(turn) * spread * 1.2).toFixed(5)), lat: Number((lat + Math.sin(turn) * spread).toFixed(5)), source: "城市运营中心",
  };
}

/** Every event that was opened within the last 14 hours, as it stands at model time `at`. */
export function eventsAt(seed: number, at: number): MockEvent[] {
  const events: MockEvent[] = [];
  for (const day of [dayOf(at) - 1, dayOf(at)]) {
    if (day < dayOf(at) && dayPart(at) * DAY > LONGEST) continue;
    for (let k = 0; k < EVENTS_A_DAY; k++) {
      const event = eventAt(seed, day, k, at);
      if (event && Date.parse(event.at) >= at - LONGEST) events.push(event);
    }
  }
  return events;
}

/** The moments at which event number `k` of a day reached each stage. */
function reachedAt(seed: number, day: number, k: number, event: MockEvent): number[] {
  const takes = durationOf(seed, day, k, KINDS.find(({ kind }) => kind === event.kind)?.hours ?? 0);
  return STAGE_PARTS.map((part) => Math.ceil(Date.parse(event.at) + takes * part));
}

/** Every stage that any event reached in [from, to), ordered by when. */
export function versionsBetween(seed: number, from: number, to: number): MockEvent[] {
  const versions: MockEvent[] = [];
  for (let day = dayOf(from) - 1; day <= dayOf(to); day++) {
    for (let k = 0; k < EVENTS_A_DAY; k++) {
      const last = eventAt(seed, day, k, to - 1);
      const moments = last ? reachedAt(seed, day, k, last).filter((at) => at >= from && at < to) : [];
      versions.push(...moments.flatMap((at) => eventAt(seed, day, k, at) ?? []));
    }
  }
  return versions.sort((a, b) => Date.parse(a.updated) - Date.parse(b.updated));
}
