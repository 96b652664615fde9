import type { KeptPosition } from "../writer/journal";
import type { Session } from "./engine";
import { DEGREE } from "./schema";

interface Thing {
  id: number;
  label: string;
}

/** Things of a transaction that is under way, by topic and name. */
export type NewThings = Map<string, Thing>;

/** What moves, by number and name, and where it was. */
export class Things {
  private readonly known = new Map<string, Thing>();
  private last = 0;

  /** Reads what the store knows of. */
  async open(session: Session): Promise<void> {
    for (const row of await session.rows("SELECT id, topic, name, label FROM things"))
      this.remember(`${row.topic} ${row.name}`, { id: Number(row.id), label: String(row.label) });
  }

  private remember(key: string, thing: Thing): void {
    this.known.set(key, thing);
    // The next number does not go by how many there are: a store that was broken may have lost some.
    this.last = Math.max(this.last, thing.id);
  }

  /** The number of a thing, undefined where nothing of it was ever kept. */
  id(topic: string, name: string): number | undefined {
    return this.known.get(`${topic} ${name}`)?.id;
  }

  /** Adds positions within a transaction. @param added what of things it makes known, for `committed` */
  async add(tx: Session, positions: KeptPosition[], added: NewThings): Promise<void> {
    if (positions.length === 0) return;
    const ids: number[] = [];
    const numbers = { last: Math.max(this.last, ...[...added.values()].map(({ id }) => id)) };
    for (const position of positions) ids.push(await this.idOf(tx, position, added, numbers));
    const column = (pick: (position: KeptPosition) => number): number[] => positions.map(pick);
    await tx.append("positions", positions.length, [
      { name: "thing", type: "INTEGER", values: ids },
      { name: "observed", type: "BIGINT", values: column((p) => p.at) },
      { name: "lon", type: "INTEGER", values: column((p) => Math.round(p.lon * DEGREE)) },
      { name: "lat", type: "INTEGER", values: column((p) => Math.round(p.lat * DEGREE)) },
      { name: "heading", type: "SMALLINT", values: column((p) => Math.round(p.heading)) },
      { name: "speed", type: "SMALLINT", values: column((p) => Math.round(p.speed)) },
    ]);
  }

  private async idOf(
    tx: Session,
    { topic, id: name, label }: KeptPosition,
    added: NewThings,
    numbers: { last: number },
  ): Promise<number> {
    const key = `${topic} ${name}`;
    const asOf = added.get(key) ?? this.known.get(key);
    const id = asOf?.id ?? ++numbers.last;
    if (!asOf)
      await tx.run("INSERT INTO things (id, topic, name, label) VALUES ($1, $2, $3, $4)", [id, topic, name, label]);
    else if (asOf.label !== label) await tx.run("UPDATE things SET label = $1 WHERE id = $2", [label, id]);
    if (!asOf || asOf.label !== label) added.set(key, { id, label });
    return id;
  }

  /** Remembers what a transaction made known, once it has been committed. */
  committed(added: NewThings): void {
    for (const [key, thing] of added) this.remember(key, thing);
  }
}
