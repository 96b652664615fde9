import { rename, writeFile } from "node:fs/promises";
import { parseExpressionAt, type ArrayExpression, type Expression } from "acorn";

type Path = (string | number)[];

/** The list at a path of a JSON text, which is an expression of JavaScript; undefined where there is none. */
function listAt(text: string, path: Path): ArrayExpression | undefined {
  let node: Expression | undefined = parseExpressionAt(text, 0, { ecmaVersion: 2022 });
  for (const key of path) node = node && memberOf(node, key);
  return node?.type === "ArrayExpression" ? node : undefined;
}

function memberOf(node: Expression, key: string | number): Expression | undefined {
  if (node.type === "ArrayExpression" && typeof key === "number") {
    const element = node.elements[key];
    return element?.type === "SpreadElement" ? undefined : (element ?? undefined);
  }
  if (node.type !== "ObjectExpression") return undefined;
  const member = node.properties.find(
    (one) => one.type === "Property" && one.key.type === "Literal" && one.key.value === key,
  );
  return member?.type === "Property" ? member.value : undefined;
}

/** A value on one line, with spaces where people put them: `{"a": 1, "b": [1, 2]}`. */
function inline(value: unknown): string {
  return JSON.stringify(value, null, 1)
    .replace(/([[{])\n\s*/g, "$1")
    .replace(/\n\s*([\]}])/g, "$1")
    .replace(/,\n\s*/g, ", ");
}

/**
 * A JSON text with a value put at the end of one of its lists, written the way the list's other values are: on a line
 * of its own or spread over several. Nothing else of the text is touched. @throws Error where there is no list at the
 * path
 */
export function appended(text: string, path: Path, value: unknown): string {
  const list = listAt(text, path);
  if (!list) throw new Error(`there is no list at ${path.join(".")}`);
  const last = list.elements.at(-1);
  if (!last) return `${text.slice(0, list.start)}[${inline(value)}]${text.slice(list.end)}`;
  const before = list.elements.at(-2);
  const gap = text.slice(before?.end ?? list.start + 1, last.start).replace(/^,/, "");
  const newline = gap.lastIndexOf("\n");
  const indent = newline >= 0 ? gap.slice(newline + 1) : "";
  const spread = text.slice(last.start, last.end).includes("\n");
  const step = /\n([ \t]+)"/.exec(text)?.[1] ?? "  ";
  const written = spread ? JSON.stringify(value, null, step).replaceAll("\n", `\n${indent}`) : inline(value);
  const between = before || newline >= 0 ? gap : " ";
  return `${text.slice(0, last.end)},${between}${written}${text.slice(last.end)}`;
}

/** Writes a file so that whoever looks meanwhile sees the old or the new one, never half of it. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const draft = `${file}.draft`;
  await writeFile(draft, text);
  await rename(draft, file);
}
