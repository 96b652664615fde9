import type { Layer } from "@deck.gl/core";
import { numbersMode } from "@/components/ui/numbers";
import { palette } from "@/components/ui/theme";
import { readingTopic } from "@/lib/contract/topics";
import { readMetric } from "@/lib/live/read-metric";
import type { LayerContext } from "../../layer";
import { writeTexts, type Atlas } from "../../marks/atlas";
import { columnsOfSprites, type MarkColumns, type Sprite } from "../../marks/mark-columns";
import { MarkLayer } from "../../marks/mark-layer";
import { figureText, type FigureText } from "./figure-text-option";
import type { Label } from "./outlines-option";
import { GAP, sizeOf, spread, type Mark, type Place, type Wish } from "./spread-option";

/** Of the size of type. */
const LINE = 1.2;
const EDGE = 0.11;
/** Of the size of type: a ground around each letter of a name that lies on a mark, so that nothing of that is read with it. */
const GROUND = 0.22;
/** All that numbers are written with, in both languages and all ways; a figure is put together of their pictures. */
const SIGNS = [..."0123456789,.<-–×万亿kMB"];
/**
 * From the lowest: grounds of names and of digits that lie on marks; names; the edges of digits, apart so that none lies on the digit
 * before; digits, and those of what is past.
 */
const PARTS = ["grounds", "plates", "names", "edges", "digits", "past"] as const;
type Part = (typeof PARTS)[number];
type Pictures = Record<Part, Atlas>;

/** @param grounded whether any name lies on a mark; else none has a ground */
function paint(labels: readonly Label[], size: number, grounded: boolean): Pictures {
  const colors = palette();
  const halo = colors["map-halo"];
  const outline = { width: size * EDGE, color: halo };
  const names = { weight: 500, family: '"Noto Sans SC"', size };
  const digits = { weight: 500, family: '"Barlow Condensed", "Noto Sans SC"', size };
  const ground = { color: halo, outline: { width: size * GROUND, color: halo } };
  const texts = labels.map(({ text }) => text);
  return {
    grounds: writeTexts(grounded ? texts : [], { ...names, ...ground }),
    plates: writeTexts(grounded ? SIGNS : [], { ...digits, ...ground }),
    names: writeTexts(texts, { ...names, color: colors["map-ink"], outline }),
    edges: writeTexts(SIGNS, { ...digits, color: colors["map-halo"], outline }),
    digits: writeTexts(SIGNS, { ...digits, color: colors["map-ink"] }),
    past: writeTexts(SIGNS, { ...digits, color: colors.faint }),
  };
}

function widthOf(atlas: Atlas, signs: Iterable<string>): number {
  return [...signs].reduce((sum, sign) => sum + (atlas.pictures.get(sign)?.advance ?? 0), 0);
}

/** Middles of a name and of its figure, from the middle of both: CSS pixels to the right and up. */
function parts({ name, figure }: Wish, { form, dx, dy }: Place, line: number): Record<"name" | "figure", Shift> {
  const half = sizeOf({ name, figure }, form, line)[0] / 2;
  if (form === "beside")
    return { name: [dx - half + name / 2, -dy], figure: [dx - half + name + GAP * line + figure / 2, -dy] };
  return { name: [dx, -dy + (form === "below" ? line / 2 : 0)], figure: [dx, -dy - line / 2] };
}
type Shift = [number, number];

/** A text put together of pictures of its signs, around a shift. */
function spell(atlas: Atlas, text: string, at: Label["at"], [x, y]: Shift): Sprite[] {
  const ratio = devicePixelRatio;
  // On whole pixels of the screen, or digits would stand unevenly.
  let pen = Math.round((x - widthOf(atlas, text) / 2) * ratio) / ratio;
  const sprites: Sprite[] = [];
  for (const sign of text) {
    const picture = atlas.pictures.get(sign);
    if (!picture) continue;
    const { frame, half, advance } = picture;
    sprites.push({ at, frame, half, shift: [pen + advance / 2, y] });
    pen += advance;
  }
  return sprites;
}

interface Written {
  label: Label;
  figure: FigureText | null;
  wish: Wish;
  place: Place;
}

/** Names with the figures that stand beside them. */
function marksOf(written: readonly Written[], pictures: Pictures, size: number): Record<Part, MarkColumns> {
  const out: Record<Part, Sprite[]> = { grounds: [], plates: [], names: [], edges: [], digits: [], past: [] };
  for (const { label, figure, wish, place } of written) {
    const picture = pictures.names.pictures.get(label.text);
    if (!picture || place.form === "none") continue;
    const shifts = parts(wish, place, size * LINE);
    const ground = place.covers && pictures.grounds.pictures.get(label.text);
    if (ground) out.grounds.push({ at: label.at, ...ground, shift: shifts.name });
    out.names.push({ at: label.at, ...picture, shift: shifts.name });
    if (!figure || place.form === "bare") continue;
    const signs = figure.alive ? "digits" : "past";
    for (const part of ["edges", signs, ...(place.covers ? (["plates"] as const) : [])] as const)
      out[part].push(...spell(pictures[part], figure.text, label.at, shifts.figure));
  }
  return Object.fromEntries(PARTS.map((part) => [part, columnsOfSprites(out[part])])) as Record<Part, MarkColumns>;
}

/** How much larger the canvas is than where names are placed: zoomed in that is done by quarters of a zoom. */
function scaleOf(context: LayerContext): number {
  const zoom = context.zoom();
  return context.room() ? 1 : 2 ** (Math.floor(zoom * 4) / 4 - zoom);
}

/** What of a view decides where names stand. */
function viewKey(context: LayerContext): string {
  const room = context.room();
  const marks = context.occupied().map(({ at, radius }) => `${at.join()}${radius}`);
  const view = room ? [context.zoom(), ...Object.values(room)] : [Math.floor(context.zoom() * 4)];
  return `${view.join()} ${marks.join()}`;
}

/** Where a place stands, as at the quarter of a zoom that names are placed for. */
function placeOn(context: LayerContext, at: readonly [number, number]): { x: number; y: number } {
  const scale = scaleOf(context);
  const [x, y] = context.project(at);
  return { x: x * scale, y: y * scale };
}

/** Where names would stand if each were alone. */
function wishesOf(
  labels: readonly Label[],
  figures: readonly (FigureText | null)[],
  pictures: Pictures,
  context: LayerContext,
): Wish[] {
  return labels.map(({ text, at }, i) => {
    const figure = figures[i];
    return {
      ...placeOn(context, at),
      name: pictures.names.pictures.get(text)?.advance ?? 0,
      figure: figure ? widthOf(pictures.digits, figure.text) : 0,
    };
  });
}

function marksOn(context: LayerContext): Mark[] {
  return context.occupied().map(({ at, radius }) => ({ ...placeOn(context, at), radius }));
}

/** Draws names, and beside them what the districts are filled by. @param figured whether that is wanted @param scale of a rem */
export function makeNames(
  labels: readonly Label[],
  figured: boolean,
  scale: number,
  context: LayerContext,
): () => Layer[] {
  const { city, live, lang, fill } = context;
  const topics = labels.map(({ adcode }) => (figured && fill ? readingTopic(city.id, adcode, fill) : null));
  let [paintedKey, placedKey, key] = ["", "", ""];
  let pictures: Pictures | null = null;
  let grounded = false;
  let places: Place[] = [];
  let marks: Record<Part, MarkColumns> | null = null;
  return () => {
    const size = context.rem() * scale;
    const nextPainted = `${palette().key} ${size} ${devicePixelRatio}`;
    if (!pictures || nextPainted !== paintedKey) pictures = paint(labels, size, grounded);
    paintedKey = nextPainted;
    const figures = topics.map((topic) => (topic ? figureText(readMetric(live, city, topic), lang) : null));
    const widths = figures.map((figure) => figure?.text.length ?? 0).join();
    const nextPlaced = `${paintedKey} ${widths} ${numbersMode()} ${viewKey(context)}`;
    const next = `${nextPlaced} ${figures.map((figure) => figure && `${figure.text}${figure.alive}`).join()}`;
    if (!marks || next !== key) {
      const wishes = wishesOf(labels, figures, pictures, context);
      if (nextPlaced !== placedKey) places = spread(wishes, size * LINE, context.room(), marksOn(context));
      placedKey = nextPlaced;
      if (!grounded && places.some(({ covers }) => covers)) pictures = paint(labels, size, (grounded = true));
      const written = labels.map((label, i) => ({
        label,
        figure: figures[i] ?? null,
        wish: wishes[i] as Wish,
        place: places[i] as Place,
      }));
      marks = marksOf(written, pictures, size);
    }
    key = next;
    const [drawn, atlases] = [marks, pictures];
    return PARTS.map(
      (part) =>
        new MarkLayer({
          id: `outlines-labels-${part}`,
          marks: drawn[part],
          atlas: atlases[part].canvas,
          marksKey: key,
        }),
    );
  };
}
