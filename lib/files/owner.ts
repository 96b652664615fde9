import { readFile } from "node:fs/promises";

/**
 * Tells whose a file is by the number that its disk has (`stat`): the user's name where this machine's list (passwd(5)) has one, else
 * `uid` and the number, as for users of a directory service. The list is read once.
 */
export async function userNames(list = "/etc/passwd"): Promise<(uid: number) => string> {
  const text = await readFile(list, "utf8").catch(() => "");
  const names = new Map(
    text.split("\n").flatMap((line) => {
      const [name, , uid] = line.split(":");
      return name && uid ? [[Number(uid), name] as const] : [];
    }),
  );
  return (uid) => names.get(uid) ?? `uid ${uid}`;
}
