import { rename, writeFile } from "node:fs/promises";
import ts from "typescript";

type Path = (string | number)[];

/** The list at a path of a JSON text; undefined where there is none. */
function listAt(text: string, path: Path): { source: ts.JsonSourceFile; list: ts.ArrayLiteralExpression } | undefined {
  const source = ts.parseJsonText("file.json", text);
  let node: ts.Expression | undefined = source.statements[0]?.expression;
  for (const key of path) {
    if (node && ts.isObjectLiteralExpression(node)) {
      const property: ts.ObjectLiteralElementLike | undefined = node.properties.find(
        (one) => one.name && ts.isStringLiteral(one.name) && one.name.text === key,
      );
      node = property && ts.isPropertyAssignment(property) ? property.initializer : undefined;
    } else if (node && ts.isArrayLiteralExpression(node) && typeof key === "number") {
      node = node.elements[key];
    } else {
      return undefined;
    }
  }
  return node && ts.isArrayLiteralExpression(node) ? { source, list: node } : undefined;
}

/** A value on one line, with spaces where people put them: `{"a": 1, "b": [1, 2]}`. */
function inline(value: unknown): string {
  return JSON.stringify(value, null, 1)
    .replace(/([[{])\n\s*/g, "$1")
    .replace(/\n\s*([\]}])/g, "$1")
    .replace(/,\n\s*/g, ", ");
}

/**
 * A JSON text with a value put at the end of one of its lists, written the way the list's other values are: on a line of its own
 * or spread over several. Nothing else of the text is touched. @throws Error where there is no list at the path
 */
export function appended(text: string, path: Path, value: unknown): string {
  const found = listAt(text, path);
  if (!found) throw new Error(`there is no list at ${path.join(".")}`);
  const { source, list } = found;
  const last = list.elements[list.elements.length - 1];
  if (!last) return `${text.slice(0, list.getStart(source))}[${inline(value)}]${text.slice(list.getEnd())}`;
  const before = list.elements[list.elements.length - 2];
  const gap = text.slice(before?.getEnd() ?? list.getStart(source) + 1, last.getStart(source)).replace(/^,/, "");
  const newline = gap.lastIndexOf("\n");
  const indent = newline >= 0 ? gap.slice(newline + 1) : "";
  const spread = text.slice(last.getStart(source), last.getEnd()).includes("\n");
  const step = /\n([ \t]+)"/.exec(text)?.[1] ?? "  ";
  const written = spread ? JSON.stringify(value, null, step).replaceAll("\n", `\n${indent}`) : inline(value);
  const between = before || newline >= 0 ? gap : " ";
  return `${text.slice(0, last.getEnd())},${between}${written}${text.slice(last.getEnd())}`;
}

/** Writes a file so that whoever looks meanwhile sees the old or the new one, never half of it. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const draft = `${file}.draft`;
  await writeFile(draft, text);
  await rename(draft, file);
}
