/** Lines of a text, outer blank lines dropped. */
export function lines(text: string): string[] {
  return text.replace(/^\s*\n|\n\s*$/g, "").split("\n");
}
