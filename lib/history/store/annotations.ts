import { PLAIN_TEXT } from "../../contract/plain-text";
import { LIMITS } from "../../contract/api/limits";
import type { Annotation } from "../../contract/history";
import type { Engine, Row } from "./engine";

/** Stands for every metric of a place. */
const ANY = "*";

/** Which notes of a city: those to some places, and those to a metric of some topics; left out: all. */
interface Among {
  places?: readonly string[];
  topics?: readonly string[];
}

/** Whether a note is among those. */
function isAmong(topic: string, { places, topics }: Among): boolean {
  if (places === undefined && topics === undefined) return true;
  return places?.includes(topic.split("/")[2] ?? "") || topics?.includes(topic) || false;
}

/** A note's topics that are among those, in a statement. */
function among(city: string, { places, topics }: Among): string {
  if (places === undefined && topics === undefined) return "";
  const some = [
    ...(places ?? []).map((place) => `topic LIKE ${quoted(`reading/${city}/${place}/%`)}`),
    ...(topics ?? []).map((topic) => `topic = ${quoted(topic)}`),
  ];
  return ` AND (${some.join(" OR ") || "FALSE"})`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const COLUMNS = "id, topic, from_at, to_at, body, made, made_by";

function annotationIn(row: Row): Annotation {
  const [, city = "", district = "", metric = ANY] = String(row.topic).split("/");
  return {
    id: String(row.id),
    city,
    district,
    metric: metric === ANY ? null : metric,
    from: Number(row.from_at),
    to: Number(row.to_at),
    text: String(row.body),
    made: Number(row.made),
    by: row.made_by === null ? null : String(row.made_by),
  };
}

/** Notes of a city that touch [from, to), oldest first: those that begin last, one more than an answer holds. */
export async function annotationsOf(
  engine: Engine,
  { city, from, to, ...those }: { city: string; from: number; to: number } & Among,
): Promise<Annotation[]> {
  const rows = await engine.query(
    `SELECT ${COLUMNS} FROM annotations
    WHERE from_at < $1 AND to_at >= $2 AND topic LIKE $3${among(city, those)}
    ORDER BY from_at DESC, id DESC
    LIMIT ${LIMITS.history.annotations + 1}`,
    [to, from, `reading/${city}/%`],
  );
  return rows.reverse().map(annotationIn);
}

/** A city's note, or null where it has none of that id, or not among those. */
export async function annotationById(
  engine: Engine,
  { city, id, ...those }: { city: string; id: string } & Among,
): Promise<Annotation | null> {
  // No note has such an id, and PostgreSQL takes no text that is not plain.
  if (!PLAIN_TEXT.test(id)) return null;
  const [row] = await engine.rows(`SELECT ${COLUMNS} FROM annotations WHERE id = $1`, [id]);
  const topic = String(row?.topic ?? "");
  return row && topic.split("/")[1] === city && isAmong(topic, those) ? annotationIn(row) : null;
}

/** Keeps a note; it is on disk when this resolves. */
export async function annotate(
  engine: Engine,
  { id, city, district, metric, from, to, text, made, by }: Annotation,
): Promise<void> {
  const topic = `reading/${city}/${district}/${metric ?? ANY}`;
  await engine.run(`INSERT INTO annotations (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7)`, [
    id,
    topic,
    from,
    to,
    text,
    made,
    by,
  ]);
}

/** Takes a note away. Returns false when there was none of that id in the city, or not among those. */
export async function unannotate(engine: Engine, asked: { city: string; id: string } & Among): Promise<boolean> {
  if (!(await annotationById(engine, asked))) return false;
  await engine.run("DELETE FROM annotations WHERE id = $1", [asked.id]);
  return true;
}
