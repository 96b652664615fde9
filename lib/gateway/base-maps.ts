import { stat } from "node:fs/promises";
import { every } from "../clock";
import type { BaseMap, BaseMapKind } from "../contract/base-map";
import { archiveFile, kindsOf, noteFile, placesWithMaps, readNote } from "../maps/map-folder";
import { checkBytes, openMapOf, type OpenedMap } from "../maps/open-note";

/** How often the folder is looked at, ms. Polled as cities are: notifications get lost on network shares and mounts. */
const LOOK_EVERY = 1_000;

interface Known {
  city: string;
  kind: BaseMapKind;
  /** time and size of its files when they were looked at */
  stamp: string;
  opened: OpenedMap | null;
  /** why it is not drawn, or null */
  fault: string | null;
}

const stampOf = (file: string): Promise<string> =>
  stat(file, { bigint: true }).then(
    ({ ino, mtimeNs, size }) => `${ino} ${mtimeNs} ${size}`,
    (error: NodeJS.ErrnoException) => String(error.code),
  );

/**
 * The base maps of all places, as they lie in the data folder now. One that cannot be used is named and not told to walls, which draw
 * what they draw without: nothing else of a place depends on it.
 */
export class BaseMaps {
  private readonly known = new Map<string, Known>();
  private looking: Promise<void> | null = null;
  private stop: (() => void) | null = null;

  constructor(private readonly data: string) {}

  /** Looks once, and from then on again and again. */
  async open(): Promise<void> {
    await this.look();
    this.stop = every(LOOK_EVERY, () => void this.look());
  }

  async close(): Promise<void> {
    this.stop?.();
    await this.looking;
  }

  /** What walls of a place may draw. */
  of(city: string): BaseMap[] {
    return [...this.known.values()].flatMap((one) => (one.city === city && one.opened ? [one.opened.map] : []));
  }

  /** An archive that may be sent; undefined where there is none. */
  find(city: string, kind: string): OpenedMap | undefined {
    return this.known.get(`${city}/${kind}`)?.opened ?? undefined;
  }

  /** What is the matter with those that cannot be used; null where nothing is. */
  get fault(): string | null {
    const faults = [...this.known.values()].flatMap(({ city, kind, fault }) =>
      fault === null ? [] : [`${city}: the ${kind} map ${fault}`],
    );
    return faults.length === 0 ? null : faults.join("; ");
  }

  /** One look at the folder; the one that is under way, where there is one. */
  look(): Promise<void> {
    this.looking ??= this.lookOnce()
      .catch((error: unknown) => console.error("citywall: maps:", (error as Error).message))
      .finally(() => (this.looking = null));
    return this.looking;
  }

  private async lookOnce(): Promise<void> {
    const seen = new Set<string>();
    for (const city of await placesWithMaps(this.data))
      for (const kind of await kindsOf(this.data, city)) {
        seen.add(`${city}/${kind}`);
        await this.lookAt(city, kind);
      }
    for (const key of this.known.keys()) if (!seen.has(key)) this.known.delete(key);
  }

  private async lookAt(city: string, kind: BaseMapKind): Promise<void> {
    const key = `${city}/${kind}`;
    const before = this.known.get(key);
    const stamp = await this.stamp(city, kind);
    if (before?.stamp === stamp) return;
    const now: Known = { city, kind, stamp, opened: null, fault: null };
    try {
      now.opened = await openMapOf(this.data, city, kind);
    } catch (error) {
      now.fault = (error as Error).message;
    }
    this.known.set(key, now);
    tell(now, before?.fault ?? null);
    if (now.opened) void this.readWhole(now, now.opened);
  }

  private async stamp(city: string, kind: BaseMapKind): Promise<string> {
    const note = await readNote(this.data, city, kind).catch(() => null);
    const files = [noteFile(this.data, city, kind), ...(note ? [archiveFile(this.data, city, kind, note)] : [])];
    return (await Promise.all(files.map(stampOf))).join(", ");
  }

  /** Reads to the end what walls are told of meanwhile: that takes seconds where an archive is large. */
  private async readWhole(one: Known, opened: OpenedMap): Promise<void> {
    try {
      await checkBytes(opened);
    } catch (error) {
      // Where it went or was replaced meanwhile, the next look says so.
      if (one.stamp !== (await this.stamp(one.city, one.kind))) return;
      one.opened = null;
      one.fault = (error as Error).message;
      tell(one, null);
    }
  }
}

function tell({ city, kind, fault }: Known, before: string | null): void {
  if (fault !== null && fault !== before)
    console.error(`citywall: ${city}: the ${kind} map ${fault}; walls are drawn without it`);
  if (fault === null && before !== null) console.error(`citywall: ${city}: the ${kind} map is in order again`);
}
