import { bucketStart, offsetSpans, zoneOffset } from "../../clock";
import type { HourCompleteness } from "../../contract/quality";
import type { Engine } from "./engine";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

interface CompletenessRequest {
  series: number;
  /** ms; widened to whole hours of the zone */
  from: number;
  /** ms, excluded */
  to: number;
  /** ms between two readings, as the metric promises */
  interval: number;
  /** ms after a slot's end until which an empty one is not held against the feed */
  grace: number;
  timeZone: string;
  /** the moment it is judged at, ms: what is due later is not missing yet */
  judgedAt: number;
  /** only what was recorded up to here (ms) counts */
  asOf: number | undefined;
  /** the first reading of all, ms: nothing was due before it */
  since: number;
}

/** A stretch of time in which the zone keeps its offset (ms). */
interface Stretch {
  from: number;
  to: number;
  offset: number;
}

/** Start of the hour that the zone's clock shows at `at`. */
function hourStart(at: number, timeZone: string): number {
  return bucketStart(at, HOUR, timeZone);
}

/**
 * How many of the readings that were due in each hour came. Time is cut into slots as long as the metric's interval, and a slot
 * is met when a reading was observed in it: copies and bursts count once. A feed that sends just where one slot ends and the next
 * begins would seem to miss some and to double others, so slots are laid twice, half an interval apart, and those count in whose
 * middle the readings rather come. Hours in which nothing was due are left out.
 */
export function completenessOf(engine: Engine, request: CompletenessRequest): Promise<HourCompleteness[]> {
  const from = hourStart(request.from, request.timeZone);
  const to = Math.min(request.to, request.judgedAt);
  if (to <= from) return Promise.resolve([]);
  return request.interval > HOUR
    ? ofRare(engine, { ...request, from, to })
    : ofFrequent(engine, { ...request, from, to });
}

interface Tally {
  due: number;
  met: number;
}

/** Several slots an hour: counted by the engine, an hour of slots at a time. */
async function ofFrequent(engine: Engine, request: CompletenessRequest): Promise<HourCompleteness[]> {
  const hours: HourCompleteness[] = [];
  for (const stretch of offsetSpans(request.from, request.to, request.timeZone)) {
    const plain = await hoursOfSlots(engine, request, stretch, 0);
    const shifted = await hoursOfSlots(engine, request, stretch, Math.floor(request.interval / 2));
    // By the day: a feed that is started anew sends at other seconds.
    const days = new Set([...plain.keys(), ...shifted.keys()].map((hour) => Math.floor(hour / DAY)));
    for (const day of [...days].sort((a, b) => a - b)) {
      const ofDay = (laid: Map<number, SlotTally>): [number, SlotTally][] =>
        [...laid].filter(([hour]) => Math.floor(hour / DAY) === day);
      const laid = offCentre(ofDay(shifted)) < offCentre(ofDay(plain)) ? shifted : plain;
      for (const [hour, { due, met }] of ofDay(laid).sort(([a], [b]) => a - b)) {
        hours.push({ at: Math.max(stretch.from, hour - stretch.offset), due, met, complete: met / due });
      }
    }
  }
  return hours;
}

interface SlotTally extends Tally {
  /** how far from their slots' middles readings came, ms, summed over slots */
  off: number;
}

/** Mean distance (ms) from the middle of a slot; nothing is worse than no reading at all. */
function offCentre(tallies: [number, SlotTally][]): number {
  const [off, met] = tallies.reduce(([a, b], [, tally]) => [a + tally.off, b + tally.met], [0, 0]);
  return met === 0 ? Infinity : off / met;
}

/**
 * Slots met and due by hour, as ms of the local clock. A slot belongs to the hour it begins in.
 * @param shift how far (ms) the slots are laid before the clock's own
 */
async function hoursOfSlots(
  engine: Engine,
  request: CompletenessRequest,
  { from, to, offset }: Stretch,
  shift: number,
): Promise<Map<number, SlotTally>> {
  const { interval, series, since, judgedAt, grace } = request;
  const lead = offset + shift;
  const upTo = request.asOf === undefined ? "" : `AND recorded <= ${Math.round(request.asOf)}`;
  const first = Math.max(
    Math.ceil((from + offset) / interval) * interval,
    Math.floor((since + lead) / interval) * interval,
  );
  const end = to + offset;
  // Slots that began before this are over, and the feed has had its time.
  const judged = judgedAt - grace - interval + lead + 1;
  const rows = await engine.query(
    `SELECT slot - slot % ${HOUR} AS hour, count(*) AS met, sum(CASE WHEN slot < ${judged} THEN 1 ELSE 0 END) AS judged, sum(off) AS off
    FROM (
      SELECT moment - moment % ${interval} AS slot, avg(abs(moment % ${interval} - ${Math.floor(interval / 2)})) AS off
      FROM (
        SELECT observed + ${lead} AS moment
        FROM readings
        WHERE series = $1 AND observed >= $2 AND observed < $3 ${upTo}
      ) AS r
      GROUP BY moment - moment % ${interval}
    ) AS s
    WHERE slot >= ${first} AND slot < ${end}
    GROUP BY slot - slot % ${HOUR}`,
    [series, Math.max(since, first - lead), end - lead + interval],
  );
  const tallies = new Map<number, SlotTally>();
  for (let hour = Math.floor(first / HOUR) * HOUR; hour < end; hour += HOUR) {
    const due = slotsIn(Math.max(hour, first), Math.min(hour + HOUR, end, judged), interval);
    if (due > 0) tallies.set(hour, { due, met: 0, off: 0 });
  }
  for (const row of rows) {
    const [hour, met] = [Number(row.hour), Number(row.met)];
    // What came before its slot was over counts on both sides.
    const early = met - Number(row.judged);
    tallies.set(hour, { due: (tallies.get(hour)?.due ?? 0) + early, met, off: Number(row.off) });
  }
  return tallies;
}

/** Slots that begin in [from, to). */
function slotsIn(from: number, to: number, interval: number): number {
  return Math.max(0, Math.ceil(to / interval) - Math.ceil(from / interval));
}

/** Readings that are due less than once an hour: few enough to be looked at one by one. */
async function ofRare(engine: Engine, request: CompletenessRequest): Promise<HourCompleteness[]> {
  const { series, from, to, interval, timeZone } = request;
  const upTo = request.asOf === undefined ? "" : `AND recorded <= ${Math.round(request.asOf)}`;
  // The first slot of the range may have begun before it.
  const rows = await engine.query(
    `SELECT DISTINCT observed
    FROM readings
    WHERE series = $1 AND observed >= $2 AND observed < $3 ${upTo}
    ORDER BY observed`,
    [series, from - interval - DAY, to],
  );
  const moments = rows.map((row) => Number(row.observed));
  const [plain, shifted] = [rareSlots(moments, request, 0), rareSlots(moments, request, Math.floor(interval / 2))];
  const hours = new Map<number, Tally>();
  for (const { at, met } of (shifted.off < plain.off ? shifted : plain).slots) {
    const hour = hourStart(at, timeZone);
    const tally = hours.get(hour) ?? { due: 0, met: 0 };
    hours.set(hour, { due: tally.due + 1, met: tally.met + (met ? 1 : 0) });
  }
  return [...hours].sort(([a], [b]) => a - b).map(([at, tally]) => ({ at, ...tally, complete: tally.met / tally.due }));
}

interface RareSlot {
  /** when its reading was observed; of an empty one, when it usually is */
  at: number;
  met: boolean;
}

/** Slots of the range. Those of whole days follow the local clock: what is sent at eight comes at eight after a change, too. */
function rareSlots(moments: number[], request: CompletenessRequest, shift: number): { slots: RareSlot[]; off: number } {
  const { from, to, interval, since, judgedAt, grace, timeZone } = request;
  const fixed = zoneOffset(from, timeZone);
  const offsetAt = (at: number): number => (interval % DAY === 0 ? zoneOffset(at, timeZone) : fixed);
  const local = (at: number): number => at + offsetAt(at) + shift;
  const real = (moment: number): number => moment - shift - offsetAt(moment - shift - offsetAt(moment - shift - fixed));
  const slotOf = (at: number): number => Math.floor(local(at) / interval) * interval;
  const held = new Map<number, number>();
  for (const at of moments) if (!held.has(slotOf(at))) held.set(slotOf(at), at);
  const within = [...held].map(([slot, at]) => local(at) - slot).sort((a, b) => a - b);
  const usual = within[Math.floor(within.length / 2)] ?? 0;
  const slots: RareSlot[] = [];
  for (let slot = slotOf(Math.max(since, from)); slot < local(to); slot += interval) {
    const at = held.get(slot);
    const over = real(slot + interval) + grace <= judgedAt;
    if (at !== undefined && at >= from) slots.push({ at, met: true });
    else if (at === undefined && over && real(slot + usual) >= from && real(slot + usual) < to)
      slots.push({ at: real(slot + usual), met: false });
  }
  return { slots, off: within.reduce((sum, ms) => sum + Math.abs(ms - interval / 2), 0) / Math.max(1, within.length) };
}
