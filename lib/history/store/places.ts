import { open, stat } from "node:fs/promises";
import { LIVE, segmentFile, segmentsIn, type JournalPosition } from "../writer/journal";
import type { Session } from "./engine";

/** Bytes that a segment begins with by which it is told from another of the same number: the head of its first record. */
const MARK = 32;
const NOWHERE: JournalPosition = { segment: 0, offset: 0 };

interface Place extends JournalPosition {
  /** when the last reading before it was recorded, ms */
  recorded: number;
  /** number and beginning of the segment that was read last; null where an earlier version noted the place */
  mark: string | null;
  /** what lies before this may be in the store already: it is compared, not just added; null: nothing */
  known: JournalPosition | null;
}

export function isBefore(a: JournalPosition, b: JournalPosition): boolean {
  return a.segment < b.segment || (a.segment === b.segment && a.offset < b.offset);
}

/** What tells a segment from another of the same number; null where it is not there or has no record yet. */
export async function markOf(folder: string, segment: number): Promise<string | null> {
  const handle = await open(segmentFile(folder, segment), "r").catch(() => null);
  if (!handle) return null;
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(MARK), 0, MARK, 0);
    return bytesRead < MARK ? null : `${segment}:${buffer.toString("hex")}`;
  } finally {
    await handle.close();
  }
}

/** Where a journal ends at present. */
export async function endOf(folder: string): Promise<JournalPosition> {
  const segment = segmentsIn(folder).at(-1);
  if (segment === undefined) return NOWHERE;
  return { segment, offset: (await stat(segmentFile(folder, segment))).size };
}

const BEGIN = `INSERT INTO journal_place (journal, segment, place, recorded, mark, known_segment, known_place)
  VALUES ($1, $2, $3, $4, $5, $6, $7)`;
const MOVE = `UPDATE journal_place SET segment = $2, place = $3, recorded = $4, mark = $5, known_segment = $6, known_place = $7
  WHERE journal = $1`;

/** Up to where each journal has been taken in: kept in the store with what it brought, and remembered here. */
export class Places {
  private readonly places = new Map<string, Place>();
  /** journals of which the store has a row */
  private readonly noted = new Set<string>();

  /** Reads from the store how far an earlier run came. */
  async open(session: Session): Promise<void> {
    this.places.clear();
    this.noted.clear();
    const rows = await session.rows(
      "SELECT journal, segment, place, recorded, mark, known_segment, known_place FROM journal_place",
    );
    for (const row of rows) {
      this.noted.add(String(row.journal));
      this.places.set(String(row.journal), {
        segment: Number(row.segment),
        offset: Number(row.place),
        recorded: Number(row.recorded ?? 0),
        mark: row.mark === null ? null : String(row.mark),
        known: row.known_segment === null ? null : position(row.known_segment, row.known_place),
      });
    }
  }

  get journals(): string[] {
    return [...this.places.keys()];
  }

  at(journal: string): JournalPosition {
    const { segment, offset } = this.places.get(journal) ?? NOWHERE;
    return { segment, offset };
  }

  /** Up to where a journal's items may be in the store, where that lies beyond its place; else null. */
  known(journal: string): JournalPosition | null {
    const place = this.places.get(journal);
    return place?.known && isBefore(place, place.known) ? place.known : null;
  }

  /** When the last reading of the live journal that was taken in was recorded, ms. */
  get recordedUntil(): number {
    return this.places.get(LIVE)?.recorded ?? 0;
  }

  /** Remembers that all of a journal is taken in up to a place at which no record stands yet. */
  pass(journal: string, { segment, offset }: JournalPosition): void {
    this.set(journal, { ...this.placeOf(journal), segment, offset });
  }

  private placeOf(journal: string): Place {
    return this.places.get(journal) ?? { ...NOWHERE, recorded: 0, mark: null, known: null };
  }

  /**
   * Notes a place in the store, within the transaction of what lies before it.
   * @param recorded when the last reading before it was recorded, ms
   * @returns what remembers it here, once the transaction has been committed
   */
  async note(
    tx: Session,
    journal: string,
    { segment, offset }: JournalPosition,
    changed: Partial<Pick<Place, "recorded" | "mark" | "known">>,
  ): Promise<() => void> {
    const { mark, known, recorded } = { ...this.placeOf(journal), ...changed };
    const left = known && isBefore({ segment, offset }, known) ? known : null;
    const latest = journal === LIVE ? Math.max(recorded, this.recordedUntil) : recorded;
    const row = [journal, segment, offset, latest, mark, left?.segment ?? null, left?.offset ?? null];
    // Never taken out and put in again: where such a transaction cannot be committed, as on a full disk, DuckDB ends the process.
    await tx.run(this.noted.has(journal) ? MOVE : BEGIN, row);
    return () => {
      this.noted.add(journal);
      this.set(journal, { segment, offset, recorded: latest, mark, known: left });
    };
  }

  private set(journal: string, place: Place): void {
    this.places.set(journal, place);
  }

  async forget(session: Session, journal: string): Promise<void> {
    await session.run("DELETE FROM journal_place WHERE journal = $1", [journal]);
    this.places.delete(journal);
    this.noted.delete(journal);
  }

  /**
   * Why a journal is not the one in which its place was noted, in words; null where it is, as far as can be told. A data folder
   * that was restored from an older copy brings back the numbers that its segments had then, and gives them out again.
   */
  async strayed(journal: string, folder: string): Promise<string | null> {
    const { segment, offset, mark } = this.placeOf(journal);
    const last = segmentsIn(folder).at(-1);
    if (segment === 0 || last === undefined) return null;
    if (last < segment) return `it ends with segment ${last}, and the store has come to segment ${segment} before`;
    if (mark !== null) {
      const marked = Number(mark.split(":")[0]);
      const own = await markOf(folder, marked);
      return own === null || own === mark ? null : `its segment ${marked} is not the one that the store has read`;
    }
    const { size } = await stat(segmentFile(folder, segment)).catch(() => ({ size: Infinity }));
    return size < offset ? `its segment ${segment} ends before where the store has come to` : null;
  }
}

function position(segment: unknown, offset: unknown): JournalPosition {
  return { segment: Number(segment), offset: Number(offset) };
}
