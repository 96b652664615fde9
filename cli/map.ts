import type { FeatureCollection, MultiPolygon } from "geojson";
import { Catalogue } from "../lib/cities/catalogue";
import type { LoadedCity } from "../lib/cities/load";
import { BASE_MAP_KINDS, RELIEF_ENCODINGS, type BaseMapKind } from "../lib/contract/base-map";
import { checkTile } from "../components/widgets/check-tile";
import type { ArchiveFacts } from "../lib/maps/archive";
import { coveredShare } from "../lib/maps/covers";
import { MapFault } from "../lib/maps/map-fault";
import { addMap, kindsOf, placesWithMaps, readNote, removeMap } from "../lib/maps/map-folder";
import { checkBytes, openMapOf } from "../lib/maps/open-note";

/** A command that was not asked as it can be, or a file that cannot be used. */
export class MapError extends MapFault {}

/** Less of a place than this may be beyond its map's edge without a word. */
const HARDLY = 0.001;

export interface AddWishes {
  relief: boolean;
  attribution?: string | undefined;
  encoding?: string | undefined;
}

async function placeOf(cities: string, city: string): Promise<LoadedCity> {
  const catalogue = new Catalogue(cities, checkTile);
  await catalogue.look();
  const place = catalogue.city(city);
  const known = catalogue.cities().map(({ id }) => id);
  if (!place) throw new MapError(`"${city}" is not configured; there is ${known.join(", ") || "none"}`);
  return place;
}

function encodingOf({ relief, encoding }: AddWishes) {
  const known = RELIEF_ENCODINGS.find((one) => one === encoding);
  if (encoding !== undefined && !known)
    throw new MapError(`--encoding: "${encoding}" is not ${RELIEF_ENCODINGS.join(" or ")}`);
  if (known && !relief) throw new MapError("--encoding: is about heights, which --relief adds");
  return known;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;

/** What is known of an archive, in a line. */
function lineOf(facts: Pick<ArchiveFacts, "kind" | "schema" | "encoding" | "minZoom" | "maxZoom" | "bytes">): string {
  const form = facts.schema ?? facts.encoding;
  return `${facts.kind}${form ? ` (${form})` : ""}, zooms ${facts.minZoom} to ${facts.maxZoom}, ${megabytes(facts.bytes)}`;
}

/**
 * Makes a file a place's base map.
 * @param folders of what is kept and of the cities @returns what was done, and what should be looked at
 * @throws MapError that names the file and what is wrong with it
 */
export async function addMapOf(
  folders: { data: string; cities: string },
  city: string,
  file: string,
  wishes: AddWishes,
  at: string,
): Promise<{ done: string; warnings: string[] }> {
  const place = await placeOf(folders.cities, city);
  const encoding = encodingOf(wishes);
  const outlines = JSON.parse(place.districts) as FeatureCollection<MultiPolygon>;
  let share = 0;
  const suits = ({ bounds }: ArchiveFacts): void => {
    share = coveredShare(bounds, outlines);
    if (share === 0) throw new MapFault(`header: bounds ${bounds.join(",")} are nowhere in ${city}`);
  };
  try {
    const words = { relief: wishes.relief, attribution: wishes.attribution, encoding };
    const facts = await addMap({ data: folders.data, city, file }, words, at, suits);
    const warnings = [
      ...(share < 1 - HARDLY ? [`it covers ${Math.floor(share * 100)} % of ${city}`] : []),
      ...(facts.attribution === "" && wishes.attribution === undefined
        ? [
            'it names nobody to credit: --attribution "© OpenStreetMap contributors" does, which their licence (ODbL) asks for',
          ]
        : []),
    ];
    return { done: `${city}: ${lineOf(facts)}, ${facts.entries} tiles`, warnings };
  } catch (error) {
    throw error instanceof MapFault ? new MapError(`${file}: ${error.message}`) : error;
  }
}

/** A base map, read to its end, in a line. @throws MapFault */
async function told(data: string, city: string, kind: BaseMapKind): Promise<string[]> {
  const note = await readNote(data, city, kind);
  const opened = await openMapOf(data, city, kind);
  if (!note || !opened) return [];
  await checkBytes(opened);
  const line = lineOf({ ...opened.map, bytes: note.bytes });
  const credit = opened.map.attribution || "no attribution";
  return [`${city}: ${line}, from ${note.from}, added ${note.added.slice(0, 10)}; ${credit}`];
}

/** Every base map of a data folder, a line each, and what is wrong with those that cannot be used. */
export async function listMaps(data: string): Promise<{ lines: string[]; faults: string[] }> {
  const [lines, faults]: [string[], string[]] = [[], []];
  const note = (city: string, kind: BaseMapKind): Promise<void> =>
    told(data, city, kind).then(
      (told) => void lines.push(...told),
      (error: Error) => void faults.push(`${city}: the ${kind} map ${error.message}`),
    );
  for (const city of await placesWithMaps(data)) for (const kind of await kindsOf(data, city)) await note(city, kind);
  return { lines, faults };
}

/** Takes a place's maps away, or the one of a kind. @returns the kinds that are gone @throws MapError */
export async function removeMaps(data: string, city: string, kind: string | undefined): Promise<BaseMapKind[]> {
  const asked = BASE_MAP_KINDS.filter((one) => kind === undefined || one === kind);
  if (asked.length === 0) throw new MapError(`--kind: "${kind}" is not ${BASE_MAP_KINDS.join(", ")}`);
  const gone: BaseMapKind[] = [];
  for (const one of asked) if (await removeMap(data, city, one)) gone.push(one);
  if (gone.length === 0) throw new MapError(`${city} has no ${kind ?? "base"} map`);
  return gone;
}
