import type { Layer } from "@deck.gl/core";
import type { FeatureCollection, LineString, MultiPolygon } from "geojson";
import type { z } from "zod";
import type { CityFacts, Lang, Text } from "@/lib/contract/city";
import type { Wanted } from "@/lib/contract/widget";
import type { Live } from "@/lib/live/read-metric";

export type Districts = FeatureCollection<MultiPolygon, { adcode: string; name: string }>;
/** The land around a place; `name` and `label`, where it stands, of those neighbours that a wall shows. */
export type Surroundings = FeatureCollection<MultiPolygon, { adcode: string; name?: Text; label?: [number, number] }>;
export type Roads = FeatureCollection<LineString, { id: string; kind: string; district: string; freeSpeed: number }>;

/** Edges of a part of a canvas, CSS pixels from its left and top. */
export interface Room {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** A round place of a map that is taken, `radius` in CSS pixels. */
export interface Occupied {
  at: readonly [number, number];
  radius: number;
}

/** What is known of a layer without loading WebGL. */
export interface LayerDefinition<S = unknown> {
  type: string;
  name: Text;
  schema: z.ZodType<S>;
  topics(settings: S, city: CityFacts): Wanted[];
  sample: S;
}

/** What a layer may ask of its map. */
export interface LayerContext {
  city: CityFacts;
  lang: Lang;
  live: Live;
  districts: Districts;
  roads: Roads | null;
  /** canvas pixels of one rem */
  rem(): number;
  /** zoom of the map in pixels of a 512-pixel tile, as MapLibre and Supercluster count it */
  zoom(): number;
  /** metres one CSS pixel covers in the middle of the map */
  metresPerPixel(): number;
  /** where a place stands on the canvas, CSS pixels from its left and top */
  project(at: readonly [number, number]): [number, number];
  /** the part of the canvas that names have to lie in, CSS pixels; null where a hand has moved the map, and some lie outside */
  room(): Room | null;
  /** marks of other layers that names keep clear of */
  occupied(): readonly Occupied[];
  /** whether nothing may move by itself, as who looks has asked for */
  still(): boolean;
  /** id of the metric that districts are filled by; null where they are not */
  fill: string | null;
  /** adcode under the cursor or chosen by key */
  selected(): string | null;
}

/**
 * A layer once it is made. `draw` is asked again whenever something changed; deck.gl compares data by
 * identity, so what did not change must come back as the same array.
 */
export interface MapLayer {
  draw(now: number): Layer[];
  /** Fastest motion in CSS pixels a second: 0 while nothing moves. The map repaints no oftener than that shows. */
  motion?(): number;
  /** Its marks that names keep clear of; the same array until they change. */
  occupied?(): readonly Occupied[];
  /** What of it is at a place of the canvas that can be opened, CSS pixels from its left and top; null where nothing is. */
  pick?(x: number, y: number): Picked | null;
}

/** An event on a map, or several that are drawn as one. */
export interface Picked {
  /** ids, the gravest first */
  events: readonly string[];
  at: [number, number];
  /** the zoom from which on they are several marks; Infinity where they never are */
  apart: number;
}

/** What a layer's module exports by default. */
export type MakeLayer<S> = (settings: S, context: LayerContext) => MapLayer;
