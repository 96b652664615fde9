/** Writes app/styles/tokens.css, the palettes for the page's style sheets (npm run theme). */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { PALETTES, SCHEMES } from "../components/ui/theme/tokens";
import { THEMES, type Theme } from "../lib/contract/theme";

const rules = (theme: Theme, indent: string): string =>
  Object.entries(PALETTES[theme])
    .map(([name, color]) => `${indent}--color-${name}: ${color};\n`)
    .join("");

/**
 * The palettes as variables: the first theme's for all pages and for Tailwind's classes, the others' where the page names
 * them. `static` keeps those as well that no class names.
 */
export function themeCss(): string {
  const [first, ...others] = THEMES;
  const named = others.map(
    (theme) => `:root[data-theme="${theme}"] {\n  color-scheme: ${SCHEMES[theme]};\n${rules(theme, "  ")}}\n`,
  );
  return [
    "/* Made of components/ui/theme/tokens.ts by npm run theme. */\n",
    `@theme static {\n${rules(first, "  ")}}\n`,
    `:root {\n  color-scheme: ${SCHEMES[first]};\n}\n`,
    ...named,
  ].join("");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
  await writeFile(path.join(root, "app/styles/tokens.css"), themeCss());
}
