import { stat } from "node:fs/promises";
import type { BaseMap, BaseMapKind } from "../contract/base-map";
import { checkArchive } from "./archive";
import { MapFault } from "./map-fault";
import { archiveFile, hashOf, readNote } from "./map-folder";
import { plainAttribution } from "./plain-attribution";

/** A place's archive that can be drawn. */
export interface OpenedMap {
  file: string;
  sha256: string;
  map: BaseMap;
}

/** Reads an archive to its last byte: a disk may have lost some of what was copied. @throws MapFault where it did */
export async function checkBytes({ file, sha256 }: OpenedMap): Promise<void> {
  if ((await hashOf(file)) !== sha256) throw new MapFault("has other bytes than when it was added: it is damaged");
}

/**
 * Opens an archive of the data folder, with all that is quickly checked: its form, its directories, some of its tiles.
 * @returns null where the place has no map of the kind @throws MapFault that says what is wrong with it
 */
export async function openMapOf(data: string, city: string, kind: BaseMapKind): Promise<OpenedMap | null> {
  const note = await readNote(data, city, kind);
  if (!note) return null;
  const file = archiveFile(data, city, kind, note);
  const { bytes: _bytes, entries: _entries, ...facts } = await checkArchive(file, kind === "relief");
  if (facts.kind !== kind) throw new MapFault(`is a ${facts.kind} map, and was added as ${kind}`);
  const size = (await stat(file)).size;
  if (size !== note.bytes) throw new MapFault(`has ${size} bytes, and had ${note.bytes} when it was added`);
  const attribution = note.attribution === undefined ? facts.attribution : plainAttribution(note.attribution);
  const encoding = note.encoding ?? facts.encoding;
  return {
    file,
    sha256: note.sha256,
    map: { ...facts, attribution, version: note.sha256.slice(0, 16), ...(encoding === undefined ? {} : { encoding }) },
  };
}
