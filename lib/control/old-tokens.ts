import { readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { changing, type Control } from "./context";

/** Where earlier versions kept publishers' tokens, and what is left of it once they were taken over. */
const FILE = "tokens.json";
const TAKEN = "tokens.json.taken";
/** What those versions wrote beside it. */
const BESIDE = ["tokens.good.json", "tokens.lock"];

const schema = z.object({
  tokens: z.array(
    z.object({
      id: z.string(),
      hash: z.string().length(64),
      city: z.string(),
      feed: z.string(),
      created: z.string().refine((text) => Number.isFinite(Date.parse(text)), "is no time"),
      backfill: z.boolean().optional(),
      note: z.string().optional(),
    }),
  ),
});
type OldToken = z.infer<typeof schema>["tokens"][number];

/** Tokens of a file; null where there is none. @throws Error that says what is wrong with it */
async function tokensIn(file: string): Promise<OldToken[] | null> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (text === null) return null;
  if (text.trim() === "") throw new Error("is empty");
  const read = schema.safeParse(JSON.parse(text));
  if (read.success) return read.data.tokens;
  const [issue] = read.error.issues;
  throw new Error(`${issue?.path.join(".") || "(file)"}: ${issue?.message ?? "is not valid"}`);
}

/** Why tokens of an earlier version cannot be taken over from a data folder, or null. */
export function oldTokensFault(folder: string): Promise<string | null> {
  return tokensIn(path.join(folder, FILE)).then(
    () => null,
    (error: Error) => error.message,
  );
}

/**
 * Takes the tokens of an earlier version's tokens.json over into the control data, once: the file is kept beside as tokens.json.taken.
 * Those that the start command made for mock feeds are left out, as each start makes its own. Returns how many are new.
 * @throws Error where the file cannot be read; it stays as it is then
 */
export async function takeOverTokens(control: Control, folder: string): Promise<number> {
  const file = path.join(folder, FILE);
  const found = await tokensIn(file);
  if (found === null) return 0;
  const tokens = found.filter(({ note }) => note !== "mock");
  const by = { who: "start", address: "" };
  const rows = tokens.map(({ id, hash, city, feed, created, backfill = false, note = "" }) => ({
    ...{ kind: "publish" as const, id, hash, city, feed, note, created: Date.parse(created), made_by: by.who },
    ...{ backfill: backfill ? (1 as const) : (0 as const), expires: null, addresses: null, used: null },
    replaced_by: null,
  }));
  const taken = await changing(control, async ({ step, audit }) => {
    const there = new Set((await step.selectFrom("token").select("hash").execute()).map(({ hash }) => hash));
    const fresh = rows.filter(({ hash }) => !there.has(hash));
    await audit(by, { action: "token.take-over", object: FILE, detail: { tokens: fresh.length } });
    for (const row of fresh) await step.insertInto("token").values(row).execute();
    return fresh.length;
  });
  await rename(file, path.join(folder, TAKEN));
  for (const name of BESIDE) await rm(path.join(folder, name), { force: true });
  return taken;
}
