import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";
import type { Lang } from "@/lib/contract/city";
import { PREFIX, zoomOn, type Drawing } from "./drawing";

/** The family that MapLibre draws names in: the page's own. It is asked for by that name alone, so there is no list of glyphs to fetch. */
export const NAME_FONT = "Noto Sans SC";
/** The source of names that the map writes itself; base-names keep off them. */
export const OWN_NAMES = `${PREFIX}own-names`;

/** Where a name stands in a language, from the one wished for to what it is called where it is. */
const NAME_FIELDS: Record<Lang, string[]> = {
  zh: ["name:zh", "name:zh-Hans", "name_zh", "name", "name:latin"],
  en: ["name:en", "name_en", "name:latin", "name"],
};

const PLACES = [
  { role: "quarter", from: 13, size: 0.8 },
  { role: "village", from: 11, size: 0.85 },
  { role: "city", from: 6, size: 0.95 },
] as const;
const ALONG = [
  { role: "street-name", from: 15.5 },
  { role: "road-name", from: 13.5 },
] as const;

/** A feature's name in a language; an empty text where it has none. */
export function nameIn(lang: Lang): ExpressionSpecification {
  const fields = NAME_FIELDS[lang].map((field): ExpressionSpecification => ["get", field]);
  return ["coalesce", ...fields, ""] as ExpressionSpecification;
}

function textOf(lang: Lang, size: number) {
  return { "text-field": nameIn(lang), "text-font": [NAME_FONT], "text-size": size };
}

const haloOf = ({ base, rem }: Drawing, color: string) =>
  ({
    "text-color": color,
    "text-halo-color": base.halo,
    "text-halo-width": rem / 12,
    "text-halo-blur": rem / 32,
  }) as const;

/** Names of places, but those that the map writes itself. */
function placeLayer(drawing: Drawing, { role, from, size }: (typeof PLACES)[number]): LayerSpecification[] {
  const source = drawing.of(role);
  if (!source) return [];
  const { lang, rem, own, base } = drawing;
  const isOwn: ExpressionSpecification = ["in", nameIn(lang), ["literal", [...own]]];
  return [
    {
      id: `${PREFIX}${role}`,
      type: "symbol",
      ...source,
      filter: ["all", source.filter, ["!", isOwn]],
      minzoom: zoomOn(drawing, from),
      layout: { ...textOf(lang, size * rem), "text-padding": rem / 2, "text-max-width": 7 },
      paint: haloOf(drawing, base.name),
    },
  ];
}

function alongLayer(drawing: Drawing, { role, from }: (typeof ALONG)[number]): LayerSpecification[] {
  const source = drawing.of(role);
  if (!source) return [];
  const { lang, rem, base } = drawing;
  return [
    {
      id: `${PREFIX}${role}`,
      type: "symbol",
      ...source,
      minzoom: zoomOn(drawing, from),
      layout: {
        ...textOf(lang, 0.8 * rem),
        "symbol-placement": "line",
        "symbol-spacing": 25 * rem,
        "text-padding": rem / 2,
        "text-max-angle": 30,
      },
      paint: haloOf(drawing, base.dim),
    },
  ];
}

function waterNames(drawing: Drawing): LayerSpecification[] {
  const source = drawing.of("water-name");
  if (!source) return [];
  const { lang, rem, base } = drawing;
  const layout = { ...textOf(lang, 0.8 * rem), "text-padding": rem, "text-max-width": 6 };
  return [{ id: `${PREFIX}water-name`, type: "symbol", ...source, layout, paint: haloOf(drawing, base.dim) }];
}

/**
 * Room for the names that the map writes itself, with a figure beside them: MapLibre places what is drawn last first, and what is not
 * seen takes its place all the same.
 */
function ownNames({ rem }: Drawing): LayerSpecification {
  return {
    id: OWN_NAMES,
    type: "symbol",
    source: OWN_NAMES,
    layout: {
      "text-field": ["get", "text"],
      "text-font": [NAME_FONT],
      "text-size": 1.15 * rem,
      "text-allow-overlap": true,
      "text-padding": rem / 2,
    },
    paint: { "text-opacity": 0 },
  };
}

/** Names of a vector archive, from those that give way to those that stay. */
export function nameLayers(drawing: Drawing): LayerSpecification[] {
  return [
    ...waterNames(drawing),
    ...ALONG.flatMap((road) => alongLayer(drawing, road)),
    ...PLACES.flatMap((place) => placeLayer(drawing, place)),
    ownNames(drawing),
  ];
}
