import { monotonic } from "@/lib/clock";
import { eventsTopic } from "@/lib/contract/topics";
import { SEVERITIES } from "@/lib/contract/severity";
import { eventsOf } from "@/lib/live/read-metric";
import { palette, rgb, severityColor } from "@/components/ui/theme";
import type { LayerContext, MapLayer, Occupied } from "../../layer";
import { paintRow, writeTexts } from "../../marks/atlas";
import { columnsOfDiscs, columnsOfSprites, type Disc } from "../../marks/mark-columns";
import { MarkLayer } from "../../marks/mark-layer";
import { SEVERITY_SHAPES } from "@/components/ui/severity-shapes";
import type { EventsSettings } from "./definition";
import { apartAt, breathAt, gather, marks, newsOf, ownPace, rippleAt, type Crowd, type Mark } from "./events-option";

/** What is nearer than this is drawn as one, rem; and half a shape's size. */
const REACH = 1.3;
const HALF = 0.72;
/** Frames a second of a breath and of a ripple: slow motion needs no more, and each repaints the map. */
const BREATH_FRAMES = 4;
const RIPPLE_FRAMES = 8;
/** Frames that a map draws for a pixel of motion (`framesFor`). */
const FRAMES_A_PIXEL = 3;

const colorOf = ({ severity }: Mark): [number, number, number] => rgb(severityColor(severity));
const isCrowd = ({ members }: Crowd): boolean => members.length > 1;
const radiusOf = ({ members: { length } }: Crowd): number =>
  length === 1 ? HALF : 0.78 + Math.min(0.4, Math.log10(length) * 0.25);

/** The shapes of all severities beside each other. @param unit CSS pixels of one rem */
function paintShapes(unit: number) {
  return paintRow(SEVERITIES.length, unit * HALF * 2, (context, i) => {
    const shape = new Path2D(SEVERITY_SHAPES[SEVERITIES[i] ?? 1]);
    Object.assign(context, { lineWidth: 7, lineJoin: "round", strokeStyle: palette()["vehicle-edge"] });
    context.stroke(shape);
    context.fillStyle = severityColor(SEVERITIES[i] ?? 1);
    context.fill(shape);
  });
}

/** Halos of single events, which shrink as they move through their stages; crowds have none. */
function halosOf(crowds: readonly Crowd[], unit: number): Disc[] {
  return crowds
    .filter((crowd) => !isCrowd(crowd))
    .map(({ gravest }) => ({
      at: gravest.at,
      radius: unit * HALF * (2 - 0.8 * gravest.progress),
      fill: [...colorOf(gravest), 55],
    }));
}

/** Shapes of single events; discs with a number of those that crowd, their rim in the colour of the gravest. */
function drawingOf(crowds: readonly Crowd[], unit: number) {
  const { canvas, frames } = paintShapes(unit);
  const half = [unit * HALF, unit * HALF] as const;
  const shapes = crowds
    .filter((crowd) => !isCrowd(crowd))
    .map(({ gravest }) => ({ at: gravest.at, half, frame: frames[gravest.severity - 1] ?? ([0, 0, 1, 1] as const) }));
  const crowded = crowds.filter(isCrowd);
  const ground = rgb(palette()["map-halo"]);
  const discs = crowded.map((crowd) => ({
    at: crowd.gravest.at,
    radius: unit * radiusOf(crowd),
    fill: ground,
    rim: { width: unit * 0.26, color: colorOf(crowd.gravest) },
  }));
  const texts = [...new Set(crowded.map(({ members }) => String(members.length)))];
  const lettering = { weight: 500, family: '"Barlow Condensed"', size: unit * 0.85, color: palette()["map-ink"] };
  const written = writeTexts(texts, lettering);
  const counts = crowded.flatMap(({ gravest, members }) => {
    const picture = written.pictures.get(String(members.length));
    return picture ? [{ at: gravest.at, ...picture }] : [];
  });
  return {
    halos: columnsOfDiscs(halosOf(crowds, unit)),
    discs: columnsOfDiscs(discs),
    shapes: { marks: columnsOfSprites(shapes), atlas: canvas },
    counts: { marks: columnsOfSprites(counts), atlas: written.canvas },
  };
}

/** A ring around a mark. @param radius rem @param opacity 0 to 255 */
function ringOf(mark: Mark, radius: number, opacity: number, unit: number): Disc {
  const color = colorOf(mark);
  return {
    at: mark.at,
    radius: unit * radius,
    fill: [...color, 0],
    rim: { width: unit * 0.16, color: [...color, opacity] },
  };
}

/** Rings around the gravest marks, which breathe, and one that goes out from each event that has just come. @param now ms */
function ringsOf(looked: Looked, came: ReadonlyMap<string, number>, unit: number, now: number): Disc[] {
  const breath = breathAt(now);
  const breathing = looked.crowds
    .filter(({ gravest }) => gravest.severity === SEVERITIES.at(-1))
    .map((crowd) => ringOf(crowd.gravest, radiusOf(crowd) + 0.25 + 0.55 * breath, 190 - 120 * breath, unit));
  const rippling = looked.found.flatMap((mark) => {
    const out = rippleAt(now - (came.get(mark.id) ?? Infinity));
    return out === null ? [] : [ringOf(mark, HALF + 0.3 + 2.4 * out, 230 * (1 - out), unit)];
  });
  return [...breathing, ...rippling];
}

interface Looked {
  found: readonly Mark[];
  crowds: readonly Crowd[];
}

/** Open events: shape and colour by severity; what has just come sends one ripple out, and the gravest breathe. */
export default function make(settings: EventsSettings, context: LayerContext): MapLayer {
  const topic = eventsTopic(context.city.id);
  const news = newsOf();
  const pace = ownPace(monotonic);
  let [stateKey, key, ringsKey] = ["", "", ""];
  let found: Mark[] = [];
  let crowds: Crowd[] = [];
  let taken: Occupied[] = [];
  let drawing = drawingOf([], 1);
  let rings = columnsOfDiscs([]);
  let fps = 0;
  return {
    draw(now) {
      const state = eventsOf(context.live, topic);
      const unit = context.rem();
      const zoom = Math.floor(context.zoom() * 4) / 4;
      const nextState = `${state?.epoch} ${state?.offset}`;
      if (nextState !== stateKey) found = marks(state, settings.minSeverity);
      stateKey = nextState;
      const next = `${stateKey} ${zoom} ${unit} ${devicePixelRatio} ${palette().key}`;
      if (next !== key) {
        crowds = gather(found, zoom, unit * REACH * 2);
        taken = crowds.map((crowd) => ({ at: crowd.gravest.at, radius: unit * radiusOf(crowd) }));
        drawing = drawingOf(crowds, unit);
      }
      key = next;
      const looks = pace(now);
      const came = news(found, now, looks);
      const breathing = found.at(-1)?.severity === SEVERITIES.at(-1);
      fps = framesOf(context.still(), came.size > 0, breathing);
      const step = fps === 0 ? "" : Math.floor(looks / (1_000 / fps));
      if (ringsKey !== `${key} ${step}`)
        rings = columnsOfDiscs(fps === 0 ? [] : ringsOf({ found, crowds }, came, unit, looks));
      ringsKey = `${key} ${step}`;
      return [
        new MarkLayer({ id: "events-halo", marks: drawing.halos, marksKey: key }),
        new MarkLayer({ id: "events-rings", marks: rings, marksKey: ringsKey }),
        new MarkLayer({ id: "events", ...drawing.shapes, marksKey: key }),
        new MarkLayer({ id: "events-crowds", marks: drawing.discs, marksKey: key }),
        new MarkLayer({ id: "events-counts", ...drawing.counts, marksKey: key }),
      ];
    },
    motion: () => fps / FRAMES_A_PIXEL,
    occupied: () => taken,
    pick(x, y) {
      const unit = context.rem();
      const hit = crowds.findLast((crowd) => {
        const [cx, cy] = context.project(crowd.gravest.at);
        return Math.hypot(cx - x, cy - y) <= unit * radiusOf(crowd) * 1.15;
      });
      if (!hit) return null;
      const { gravest, members } = hit;
      return { events: members.map(({ id }) => id), at: gravest.at, apart: apartAt(members, unit * REACH * 2) };
    },
  };
}

function framesOf(still: boolean, rippling: boolean, breathing: boolean): number {
  if (still) return 0;
  if (rippling) return RIPPLE_FRAMES;
  return breathing ? BREATH_FRAMES : 0;
}
