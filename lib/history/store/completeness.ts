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

/** Start of the hour that the zone's clock shows at `at`. */
function hourStart(at: number, timeZone: string): number {
  return bucketStart(at, HOUR, timeZone);
}

/**
 * How many of the readings that were due in each hour came. Time is cut into slots as long as the metric's interval,
 * and a slot is met when a reading was observed in it: copies and bursts count once. A feed that sends just where one
 * slot ends and the next begins would seem to miss some and to double others, so slots are laid twice, half an interval
 * apart, and those count in whose middle the readings rather come. Hours in which nothing was due are left out.
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

/** A stretch of time whose slots are laid in one way. */
interface Laying {
  /** ms */
  from: number;
  to: number;
  /** what a moment (ms) is moved by, so that its slot begins at a multiple of the interval */
  lead: number;
  /** where in its slot a reading usually comes, ms after the slot's beginning */
  usual: number;
}

/**
 * Several slots an hour: counted by the engine, an hour of slots at a time. A slot belongs to the hour its reading is
 * due in.
 */
async function ofFrequent(engine: Engine, request: CompletenessRequest): Promise<HourCompleteness[]> {
  const hours: HourCompleteness[] = [];
  const layings = await layingsOf(engine, request);
  for (const { from, to, offset } of offsetSpans(request.from, request.to, request.timeZone)) {
    const tallies = new Map<number, Tally>();
    for (const laying of layings) {
      const part = { ...laying, from: Math.max(from, laying.from), to: Math.min(to, laying.to) };
      if (part.from < part.to) await countSlots(engine, request, part, offset, tallies);
    }
    for (const [hour, { due, met }] of [...tallies].sort(([a], [b]) => a - b))
      hours.push({ at: Math.max(from, hour - offset), due, met, complete: met / due });
  }
  return hours;
}

/**
 * The laying that suits each day's readings: a feed that is started anew sends at other seconds. Where one day's laying
 * gives way to another, the border lies half an interval before a reading is due, so that no slot is counted in both
 * and none in neither, although the slots of the two overlap. A day without a reading goes on as the one before it.
 */
async function layingsOf(engine: Engine, request: CompletenessRequest): Promise<Laying[]> {
  const { from, to, interval, timeZone } = request;
  const offset = zoneOffset(from, timeZone);
  const half = Math.floor(interval / 2);
  const leads = [offset, offset + half];
  const [plain, shifted] = await Promise.all([
    placesByDay(engine, request, offset, 0),
    placesByDay(engine, request, offset, half),
  ]);
  const layings: (Laying & { places: number[] })[] = [];
  for (const day of [...plain.keys()].sort((a, b) => a - b)) {
    const choices = [plain.get(day), shifted.get(day)] as [Place, Place];
    const best = choices[1].off < choices[0].off ? 1 : 0;
    const last = layings[layings.length - 1];
    const lead = leads[best] as number;
    if (last?.lead === lead) last.places.push(choices[best].place);
    else layings.push({ from: day - offset, to, lead, usual: 0, places: [choices[best].place] });
  }
  for (const [i, laying] of layings.entries()) {
    laying.usual = Math.round(laying.places.reduce((sum, place) => sum + place, 0) / laying.places.length);
    const before = layings[i - 1];
    const shift = laying.lead - laying.usual;
    laying.from = before ? Math.ceil((laying.from + shift) / interval) * interval - shift - half : from;
    if (before) before.to = laying.from;
  }
  return layings.length > 0 ? layings : [{ from, to, lead: offset, usual: 0 }];
}

interface Place {
  /** mean distance from the middles of slots, ms */
  off: number;
  /** mean distance from their beginnings, ms */
  place: number;
}

/**
 * Where in their slots readings come, by the day they come on (ms of a clock that is `offset` ahead of UTC).
 * @param shift how far (ms) the slots are laid before that clock's own
 */
async function placesByDay(
  engine: Engine,
  { series, from, to, interval, asOf }: CompletenessRequest,
  offset: number,
  shift: number,
): Promise<Map<number, Place>> {
  const rows = await engine.query(
    `SELECT day, avg(off) AS off, avg(place) AS place
    FROM (
      SELECT local - local % ${DAY} AS day,
        avg((local + ${shift}) % ${interval}) AS place,
        avg(abs((local + ${shift}) % ${interval} - ${Math.floor(interval / 2)})) AS off
      FROM (
        SELECT observed + ${offset} AS local
        FROM readings
        WHERE series = $1 AND observed >= $2 AND observed < $3 ${recordedUpTo(asOf)}
      ) AS r
      GROUP BY local - local % ${DAY}, local + ${shift} - (local + ${shift}) % ${interval}
    ) AS s
    GROUP BY day`,
    [series, from, to],
  );
  return new Map(rows.map((row) => [Number(row.day), { off: Number(row.off), place: Number(row.place) }]));
}

function recordedUpTo(asOf: number | undefined): string {
  return asOf === undefined ? "" : `AND recorded <= ${Math.round(asOf)}`;
}

/**
 * Adds the slots of a part of one offset, met and due, to the hours (ms of the local clock) in which their readings are
 * due.
 */
async function countSlots(
  engine: Engine,
  request: CompletenessRequest,
  { from, to, lead, usual }: Laying,
  offset: number,
  tallies: Map<number, Tally>,
): Promise<void> {
  const { interval, series, since, judgedAt, grace } = request;
  const add = (hour: number, due: number, met: number): void => {
    const tally = tallies.get(hour) ?? { due: 0, met: 0 };
    tallies.set(hour, { due: tally.due + due, met: tally.met + met });
  };
  const slotAt = (due: number): number => Math.ceil((due + lead - usual) / interval) * interval;
  const first = Math.max(slotAt(from), Math.floor((since + lead) / interval) * interval);
  const end = slotAt(to);
  // Slots that began before this are over, and the feed has had its time.
  const judged = judgedAt - grace - interval + lead + 1;
  // From a slot's beginning to the local time its reading is due at.
  const local = usual - lead + offset;
  const rows = await engine.query(
    `SELECT slot + ${local} - (slot + ${local}) % ${HOUR} AS hour,
      count(*) AS met, sum(CASE WHEN slot < ${judged} THEN 1 ELSE 0 END) AS judged
    FROM (
      SELECT DISTINCT moment - moment % ${interval} AS slot
      FROM (
        SELECT observed + ${lead} AS moment
        FROM readings
        WHERE series = $1 AND observed >= $2 AND observed < $3 ${recordedUpTo(request.asOf)}
      ) AS r
    ) AS s
    WHERE slot >= ${first} AND slot < ${end}
    GROUP BY slot + ${local} - (slot + ${local}) % ${HOUR}`,
    [series, Math.max(since, first - lead), end - lead + interval],
  );
  for (let hour = Math.floor((first + local) / HOUR) * HOUR; hour < end + local; hour += HOUR) {
    const due = slotsIn(Math.max(hour - local, first), Math.min(hour + HOUR - local, end, judged), interval);
    if (due > 0) add(hour, due, 0);
  }
  // What came before its slot was over counts on both sides.
  for (const row of rows) add(Number(row.hour), Number(row.met) - Number(row.judged), Number(row.met));
}

/** Slots that begin in [from, to). */
function slotsIn(from: number, to: number, interval: number): number {
  return Math.max(0, Math.ceil(to / interval) - Math.ceil(from / interval));
}

/** Readings that are due less than once an hour: few enough to be looked at one by one. */
async function ofRare(engine: Engine, request: CompletenessRequest): Promise<HourCompleteness[]> {
  const { series, from, to, interval, timeZone } = request;
  // The first slot of the range may have begun before it.
  const rows = await engine.query(
    `SELECT DISTINCT observed
    FROM readings
    WHERE series = $1 AND observed >= $2 AND observed < $3 ${recordedUpTo(request.asOf)}
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

/**
 * Slots of the range. Those of whole days follow the local clock: what is sent at eight comes at eight after a change,
 * too.
 */
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
