import { z } from "zod";

/** What a site may have for a place: streets and water as shapes, pictures, or heights. One archive each. */
export const BASE_MAP_KINDS = ["vector", "raster", "relief"] as const;
export type BaseMapKind = (typeof BASE_MAP_KINDS)[number];

/** The names of layers and their fields that a vector archive goes by. */
export const VECTOR_SCHEMAS = ["openmaptiles", "protomaps"] as const;
export type VectorSchema = (typeof VECTOR_SCHEMAS)[number];

/** How heights are written as colours. */
export const RELIEF_ENCODINGS = ["terrarium", "mapbox"] as const;
export type ReliefEncoding = (typeof RELIEF_ENCODINGS)[number];

/** An archive of a place that can be drawn. */
export const baseMapSchema = z.object({
  kind: z.enum(BASE_MAP_KINDS),
  version: z.string().describe("another one whenever the archive is another"),
  attribution: z.string().describe("whom its makers want to be named, as plain text; empty where nobody"),
  bounds: z.tuple([z.number(), z.number(), z.number(), z.number()]).describe("west, south, east, north; WGS-84"),
  minZoom: z.int().describe("of its tiles"),
  maxZoom: z.int(),
  tileSize: z.int().optional().describe("of a raster or relief tile, pixels"),
  schema: z.enum(VECTOR_SCHEMAS).optional().describe("what the layers of a vector archive are called by"),
  encoding: z.enum(RELIEF_ENCODINGS).optional().describe("how a relief archive writes heights"),
});
export type BaseMap = z.infer<typeof baseMapSchema>;
