import { districtOf, type CityFacts, type Lang } from "@/lib/contract/city";
import { seriesOf } from "@/lib/contract/reduce";
import { eventsTopic } from "@/lib/contract/topics";
import type { Series } from "@/lib/contract/series";
import { metricFacts, refColor, refName, refTopic, type MetricRef } from "@/lib/contract/widget-settings";
import { eventsOf, readingOf, readMetric, type CityReading, type Live } from "@/lib/live/read-metric";
import { levelWord } from "@/components/ui/i18n";
import { lineRhythm } from "@/components/ui/line-points";
import { readingText } from "@/components/ui/paint-value";
import { rem } from "@/components/ui/theme";
import { isCount, showsRises, type LineSettings } from "./definition";
import { LEFT, roomForEnds, type Room } from "./line-ends";
import { eventMarks, type EventMark } from "./line-events";
import { ghostPoints } from "./line-ghost";
import { headOf } from "./line-head";
import { lineLook } from "./line-look";
import { lineOption, type Drawing } from "./line-option";
import { targetIn } from "./line-target";

interface Size {
  width: number;
  height: number;
}

/** What a line chart shows, of which place and for whom. */
export interface Shown {
  live: Live;
  city: CityFacts;
  lang: Lang;
  settings: LineSettings;
}

/** What lines are told apart by: their places where they are of one metric. */
export function namesOf({ city, lang, settings: { series } }: Omit<Shown, "live">): string[] {
  const [first] = series;
  if (series.some(({ metric }) => metric !== first?.metric)) return series.map((ref) => refName(city, ref)[lang]);
  if (series.length === 1) return series.map(({ metric }) => metricFacts(city, metric).name[lang]);
  return series.map(({ district }) => districtOf(city, district)?.short[lang] ?? levelWord(city, "whole", lang));
}

function read({ live, city }: Shown, ref: MetricRef): CityReading {
  return readMetric(live, city, refTopic(city, ref));
}

function seriesAt(shown: Shown, ref: MetricRef): Series | null {
  const state = read(shown, ref).at === null ? undefined : readingOf(shown.live, refTopic(shown.city, ref));
  return state ? seriesOf(state, shown.settings.span) : null;
}

/** Where names and values of the lines' ends have room in a chart of a size, px. */
function roomIn(shown: Shown, { width, height }: Size): Room {
  const { city, lang, settings } = shown;
  const names = namesOf(shown);
  const { unit, events, ghost } = headOf(shown);
  const marks = [events, hasGhost(shown) ? ghost : ""].map((words) => ({ words, mark: true }));
  const head = [{ words: unit, mark: false }, ...marks];
  return roomForEnds(
    settings.series.map((ref, i) => ({ name: names[i] ?? "", value: readingText(read(shown, ref), lang) })),
    { width: width / rem(), height: height / rem() },
    { above: showsRises(settings, city), head: head.filter(({ words }) => words !== "") },
  );
}

/** What the first line had a day or a week before; empty where that is not asked for or not known. */
function ghostOf({ live, city, settings }: Shown): Float64Array {
  const { ghost, span, series } = settings;
  const state = ghost && series[0] ? readingOf(live, refTopic(city, series[0])) : undefined;
  if (!ghost || !state) return new Float64Array(0);
  const now = live.now();
  return ghostPoints(state.hourly, { from: now - span * 1000, now }, ghost, city.timeZone);
}

/** Events that stand as marks; null where they are not asked for. */
function eventsIn({ live, city, settings: { events, span } }: Shown): EventMark[] | null {
  const now = live.now();
  return events ? eventMarks(eventsOf(live, eventsTopic(city.id)), events, now - span * 1000, now) : null;
}

/** Whether there is something of a day or a week before to be named. */
export function hasGhost(shown: Shown): boolean {
  return ghostOf(shown).some((value, i) => i % 2 === 1 && !Number.isNaN(value));
}

/** What can be seen of the present state, as text: see `lineLook`. */
export function lineSeen(shown: Shown, size: Size): string {
  const { live, lang, settings } = shown;
  const { right, place, top } = roomIn(shown, size);
  return lineLook({
    now: live.now(),
    span: settings.span,
    width: size.width - (LEFT + right) * rem(),
    height: size.height,
    lang,
    // A page that first asked for a shorter past gets the longer one a moment later, which no passing time would tell.
    begins: settings.series.map((ref) => {
      const series = seriesAt(shown, ref);
      return series ? series.at(0) || live.now() : null;
    }),
    around: [
      place,
      right,
      top,
      ghostOf(shown).length,
      ...(eventsIn(shown) ?? []).map(({ at, severity }) => `${at}:${severity}`),
      ...settings.series.map((ref) => read(shown, ref).counted !== null),
    ].join(" "),
  });
}

/** The chart of the present state and where its ends are; null while nothing has come. */
export function lineDrawing(shown: Shown, px: (rems: number) => number, size: Size): (Drawing & { room: Room }) | null {
  const { live, city, lang, settings } = shown;
  if (!settings.series.some((ref) => read(shown, ref).at !== null)) return null;
  const facts = settings.series.map(({ metric }) => metricFacts(city, metric));
  const room = roomIn(shown, size);
  const drawing = lineOption({
    lines: settings.series.map((ref) => {
      const series = seriesAt(shown, ref);
      const rhythm = lineRhythm(live, settings.span, series, metricFacts(city, ref.metric));
      return { series, rhythm, color: refColor(city, ref), alive: read(shown, ref).counted !== null };
    }),
    span: settings.span,
    rises: showsRises(settings, city),
    area: settings.area,
    count: facts.every(isCount),
    whole: facts.every(({ decimals }) => decimals === 0),
    percent: facts.every(({ unit }) => unit.en === "%"),
    ghost: showsRises(settings, city) ? new Float64Array(0) : ghostOf(shown),
    events: eventsIn(shown),
    target: targetIn(shown),
    room,
    now: live.now(),
    timeZone: city.timeZone,
    lang,
    px,
    ...size,
  });
  return { ...drawing, room };
}
