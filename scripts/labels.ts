/** Finds every label that people read: pairs of a Chinese and an English text, in the cities' files and in the code. */
import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/** A label and where it stands; a text is null where only the other language is written. */
export interface Label {
  where: string;
  zh: string | null;
  en: string | null;
}

/** Stands in a text for what is only known when it is shown. */
export const HOLE = "∎";

/** Labels of a JSON file's content. */
export function labelsInJson(where: string, content: unknown): Label[] {
  if (typeof content !== "object" || content === null) return [];
  const { zh, en } = content as Record<string, unknown>;
  if (typeof zh === "string" || typeof en === "string")
    return [{ where, zh: typeof zh === "string" ? zh : null, en: typeof en === "string" ? en : null }];
  return Object.entries(content).flatMap(([key, value]) => labelsInJson(`${where} ${key}`, value));
}

/** A text as it is written in code, with holes; undefined for what is no text. */
function textOf(node: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return node.head.text + node.templateSpans.map((span) => HOLE + span.literal.text).join("");
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [textOf(node.left), textOf(node.right)];
    return left === undefined && right === undefined ? undefined : (left ?? HOLE) + (right ?? HOLE);
  }
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) return textOf(node.expression);
  return undefined;
}

/** `{ zh: "…", en: "…" }` */
function inObject(node: ts.ObjectLiteralExpression): { zh?: string | undefined; en?: string | undefined } | null {
  const texts: Record<string, string | undefined> = {};
  let other = false;
  for (const property of node.properties) {
    const name = property.name?.getText();
    if (name !== "zh" && name !== "en") continue;
    if (!ts.isPropertyAssignment(property)) other = true;
    else texts[name] = textOf(property.initializer);
    if (texts[name] === undefined) other = true;
  }
  return other || Object.keys(texts).length === 0 ? null : texts;
}

/** `lang === "zh" ? "…" : "…"` */
function inChoice(node: ts.ConditionalExpression): { zh: string; en: string } | null {
  if (!/^\w*lang\w* === "zh"$/i.test(node.condition.getText())) return null;
  const [zh, en] = [textOf(node.whenTrue), textOf(node.whenFalse)];
  return zh === undefined || en === undefined ? null : { zh, en };
}

/** Labels in the text of a TypeScript file. */
export function labelsInCode(file: string, text: string): Label[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const labels: Label[] = [];
  const visit = (node: ts.Node): void => {
    const found = ts.isObjectLiteralExpression(node)
      ? inObject(node)
      : ts.isConditionalExpression(node) && inChoice(node);
    if (found) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      labels.push({ where: `${file}:${line + 1}`, zh: found.zh ?? null, en: found.en ?? null });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return labels;
}

/** A word that is not written: where, as a pattern, and what is written instead. */
export interface Forbidden {
  lang: "zh" | "en";
  pattern: RegExp;
  instead: string;
}

/** The rows of a glossary's table of what is not written: `| zh | `pattern` | instead | why |`. */
export function forbiddenIn(glossary: string): Forbidden[] {
  const part = glossary.split(/^## What is not written$/m)[1] ?? "";
  return [...part.matchAll(/^\| (zh|en) \| `(.+?)` \| (.+?) \|/gm)].map(([, lang, pattern = "", instead = ""]) => ({
    lang: lang as "zh" | "en",
    // A bar inside a table's cell is written with a backslash.
    pattern: new RegExp(pattern.replaceAll("\\|", "|"), "iu"),
    instead,
  }));
}

/** The content of a file of the checkout. */
export function readHere(file: string): string {
  return readFileSync(path.resolve(import.meta.dirname, "..", file), "utf8");
}
