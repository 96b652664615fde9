import type { Kysely } from "kysely";
import { appendIn, patiently, type Deed } from "../audit";
import type { Control } from "../context";
import type { ConfigurationFileRow, Tables } from "../tables";

/** Who made a file disappear, which no disk tells. */
const NOBODY_KNOWN = "file-system";

interface Seen {
  files: readonly ConfigurationFileRow[];
  /** files that are there no more */
  gone: readonly string[];
}

/** How the audit log names a file: a screen by its place and name, and by its file besides. */
function named(file: string, detail: Deed["detail"]): Pick<Deed, "object" | "detail"> {
  const [, city, screen] = /^([^/]+)\/screens\/([^/]+)\.json$/.exec(file) ?? [];
  if (city === undefined) return { object: `file ${file}`, detail };
  return { object: `screen ${city}/${screen}`, detail: { file, ...detail } };
}

type Change = Pick<Deed, "who" | "action" | "detail">;

/**
 * What the audit log says of a file that is otherwise than before; null where nothing is to be said.
 * @param isFirst nothing was known of any
 */
function changeOf(
  now: ConfigurationFileRow,
  before: ConfigurationFileRow | undefined,
  isFirst: boolean,
): Change | null {
  const { hash, why, who, modified } = now;
  if (before?.hash === hash && before.why === why) return null;
  if (before === undefined && isFirst && why === null) return null;
  const detail = {
    ...(before ? { before: before.hash } : {}),
    after: hash,
    modified: new Date(modified).toISOString(),
    ...(why === null ? {} : { why }),
  };
  if (why !== null) return { who, action: "file.refuse", detail };
  return { who, action: before ? "file.change" : "file.add", detail };
}

async function allOf(db: Kysely<Tables>): Promise<Map<string, ConfigurationFileRow>> {
  const rows = await db.selectFrom("configuration_file").selectAll().orderBy("file").execute();
  return new Map(rows.map((row) => [row.file, row]));
}

export const configurationMethods = {
  /** Files of the folder of cities as they were last seen, by name. */
  configurationFiles: async ({ db }: Control, _nothing: object): Promise<ConfigurationFileRow[]> => [
    ...(await allOf(db)).values(),
  ],
  /**
   * Keeps how files of the folder of cities are seen, and writes into the audit log which of them changed, with that or not at all. Where
   * nothing was known before, as at a first start, there is nothing to compare with: only what is refused is said then.
   * @returns how many lines were written
   */
  configurationSeen: ({ db, now }: Control, { files, gone }: Seen): Promise<number> =>
    patiently(() =>
      db.transaction().execute(async (step) => {
        const known = await allOf(step);
        const at = now();
        let lines = 0;
        const say = async (file: string, { detail, ...change }: Change): Promise<void> => {
          await appendIn(step, { ...change, ...named(file, detail) }, at);
          lines++;
        };
        for (const row of files) {
          const before = known.get(row.file);
          const change = changeOf(row, before, known.size === 0);
          if (change) await say(row.file, change);
          if (before) await step.updateTable("configuration_file").set(row).where("file", "=", row.file).execute();
          else await step.insertInto("configuration_file").values(row).execute();
        }
        for (const file of gone) {
          const before = known.get(file);
          if (!before) continue;
          await say(file, { who: NOBODY_KNOWN, action: "file.remove", detail: { before: before.hash } });
          await step.deleteFrom("configuration_file").where("file", "=", file).execute();
        }
        return lines;
      }),
    ),
};
