import type { Layer } from "@deck.gl/core";
import type { Position } from "geojson";
import type { Lang } from "@/lib/contract/city";
import { between, palette, rgb, type Palette, type Rgb } from "@/components/ui/theme";
import type { LayerSettings } from "./definition";
import { FlatLayer } from "./flat/flat-layer";
import { meshOfAreas, meshOfBands, type FlatMesh } from "./flat/flat-mesh";
import type { Districts, LayerContext, Room, Surroundings } from "./layer";
import type { LayerType } from "./layers";
import { writeTexts, type Atlas } from "./marks/atlas";
import { columnsOfSprites } from "./marks/mark-columns";
import { MarkLayer } from "./marks/mark-layer";

/** Half the width of each band of the glow around a place, rem, and how much of the accent colour it has: together they fade out. */
const GLOW = [
  [1.1, 0.05],
  [0.7, 0.1],
  [0.38, 0.18],
  [0.14, 0.34],
] as const;

type Drawn = () => Layer[];

/** A mesh in one colour. */
function plain(id: string, mesh: FlatMesh, color: Rgb, { key }: Palette, unit: number): FlatLayer {
  return new FlatLayer({ id, mesh, unit, colorOf: () => color, colorKey: key });
}

/** Names of the neighbours that a wall shows. */
export function neighbourNames(surroundings: Surroundings | null, lang: Lang): string[] {
  return (surroundings?.features ?? []).flatMap(({ properties: { name } }) => (name ? [name[lang]] : []));
}

/** What the land asks of its map; `covers`: boxes of the legend and the notice, CSS pixels from the canvas's left and top. */
type View = Pick<LayerContext, "rem" | "room" | "project"> & { covers(): readonly Room[] };

/**
 * Whether a picture lies whole within the part of a canvas that nothing lies over.
 * @param room null: anywhere @param covers what lies over that part @param half its sides, CSS pixels
 */
export function liesFree(
  room: Room | null,
  covers: readonly Room[],
  [x, y]: [number, number],
  [across, down]: [number, number],
): boolean {
  if (!room) return true;
  const [left, right, top, bottom] = [x - across, x + across, y - down, y + down];
  if (left < room.left || right > room.right || top < room.top || bottom > room.bottom) return false;
  return !covers.some((one) => left < one.right && right > one.left && top < one.bottom && bottom > one.top);
}

/**
 * The names, dim: they say where the place lies and are nothing to be read first. One that would lie under a tile, the legend or the
 * notice, in part or whole, is left out until a hand moves the map.
 */
function makeNames(surroundings: Surroundings, lang: Lang, { rem, room, covers, project }: View): Drawn {
  const named = surroundings.features.flatMap(({ properties: { name, label } }) =>
    name && label ? [{ name, label }] : [],
  );
  let writtenKey = "";
  let atlas: Atlas | null = null;
  let drawnKey = "";
  let names: Pick<MarkLayer["props"], "marks" | "atlas"> = { marks: columnsOfSprites([]), atlas: null };
  return () => {
    const { faint, key } = palette();
    const size = rem();
    const written = `${size} ${devicePixelRatio} ${key}`;
    if (written !== writtenKey || !atlas)
      atlas = writeTexts(neighbourNames(surroundings, lang), {
        weight: 500,
        family: '"Noto Sans SC"',
        size,
        color: faint,
      });
    writtenKey = written;
    const { pictures, canvas } = atlas;
    const sprites = named.flatMap(({ name, label }) => {
      const picture = pictures.get(name[lang]);
      return picture && liesFree(room(), covers(), project(label), picture.half) ? [{ at: label, ...picture }] : [];
    });
    const next = `${written} ${sprites.map(({ at }) => at.join()).join(" ")}`;
    if (next !== drawnKey) names = { marks: columnsOfSprites(sprites), atlas: canvas };
    drawnKey = next;
    return [new MarkLayer({ id: "neighbours-names", ...names, marksKey: drawnKey })];
  };
}

/** Islands smaller than this part of the largest piece of land have no glow: it would be larger than they are. */
const SPECK = 0.04;

function extentOf(ring: Position[]): number {
  const across = ring.map(([x = 0]) => x);
  const down = ring.map(([, y = 0]) => y);
  return Math.max(Math.max(...across) - Math.min(...across), Math.max(...down) - Math.min(...down));
}

/** Outer rings of the place itself, as coarse as its neighbours': a wide band along each bay would be all spikes. */
export function shoreOf(surroundings: Surroundings, place: string): Position[][] {
  const own = surroundings.features.filter(({ properties }) => properties.adcode === place);
  const rings = own.flatMap(({ geometry }) => geometry.coordinates.flatMap((rings) => rings.slice(0, 1)));
  const most = Math.max(0, ...rings.map(extentOf));
  return rings.filter((ring) => extentOf(ring) >= most * SPECK);
}

/** What lies around a place: its neighbours and their names, and a glow along its own border; the sea is where nothing is drawn. */
function makeSurroundings(surroundings: Surroundings, place: string, lang: Lang, view: View): Drawn {
  const polygons = surroundings.features.flatMap((feature) => feature.geometry.coordinates);
  const areas = meshOfAreas(polygons);
  const borders = meshOfBands(polygons.flat().map((path) => ({ path, half: 0.035 })));
  const shore = shoreOf(surroundings, place);
  const glow = GLOW.map(([half]) => meshOfBands(shore.map((path) => ({ path, half }))));
  const names = makeNames(surroundings, lang, view);
  return () => {
    const unit = view.rem();
    const colors = palette();
    const mixed = (part: number, of: string): Rgb => between(rgb(colors.map), rgb(of), part);
    return [
      plain("neighbours", areas, mixed(0.5, colors.land), colors, unit),
      plain("neighbours-borders", borders, mixed(0.7, colors["land-line"]), colors, unit),
      // Opaque: where a band crosses itself nothing is brighter.
      ...glow.map((mesh, i) => plain(`glow-${i}`, mesh, mixed(GLOW[i]?.[1] ?? 0, colors.accent), colors, unit)),
      ...names(),
    ];
  };
}

/** What the land is made of. */
interface Ground {
  districts: Districts;
  surroundings: Surroundings | null;
  /** adcode of the place */
  place: string;
  lang: Lang;
}

/**
 * The land under all layers. It is drawn by deck.gl as they are and is no source of MapLibre's, which would cut it into
 * tiles in a worker first: the map is there sooner, and a wall need not fetch the worker (scripts/map-worker.mjs).
 * What a layer covers whole is not drawn.
 * @param over layers that are drawn over it: filled districts cover the land, outlines its lines
 */
export function makeLand(
  { districts, surroundings, place, lang }: Ground,
  over: Pick<LayerSettings, "type">[],
  view: View,
): Drawn {
  const polygons = districts.features.flatMap((feature) => feature.geometry.coordinates);
  const covered = (type: LayerType): boolean => over.some((layer) => layer.type === type);
  const land = covered("district-fill") ? null : meshOfAreas(polygons);
  const lines = covered("outlines") ? null : meshOfBands(polygons.flat().map((path) => ({ path, half: 0.03 })));
  const around = surroundings ? makeSurroundings(surroundings, place, lang, view) : () => [];
  return () => {
    const unit = view.rem();
    const colors = palette();
    return [
      ...around(),
      ...(land ? [plain("land", land, rgb(colors.land), colors, unit)] : []),
      ...(lines ? [plain("land-lines", lines, rgb(colors["land-line"]), colors, unit)] : []),
    ];
  };
}
