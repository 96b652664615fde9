/** The package has no types of its own, and those beside it are of an older version. */
declare module "subset-font" {
  /**
   * A font with the glyphs of a text alone, or with all of them in another format.
   * @throws when the bytes are no font
   */
  export default function subsetFont(
    font: Buffer,
    text: string,
    options: {
      targetFormat: "sfnt" | "woff2";
      keepAllGlyphs?: boolean;
      keepFeatures?: string[];
      noHinting?: boolean;
    },
  ): Promise<Buffer>;
}
