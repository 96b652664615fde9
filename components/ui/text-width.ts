/** Width of a text in its own type size: a Chinese character is as wide as it is high, another about 0.6 of it. */
function widthOf(text: string): number {
  return [...text].reduce((sum, char) => sum + (char.charCodeAt(0) > 0x2e7f ? 1 : 0.6), 0);
}

/**
 * Width of the widest of some texts, in their own type size; 0 of none. For canvases, which lay nothing out by
 * themselves.
 */
export function widest(texts: string[]): number {
  return Math.max(0, ...texts.map(widthOf));
}
