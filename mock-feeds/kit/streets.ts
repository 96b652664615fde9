/** A text in both languages. */
export interface Words {
  zh: string;
  en: string;
}

/** A street or a site that events are told of, and the stretch of road it lies along, WGS-84. */
export interface Site extends Words {
  line: [number, number][];
}

/** What a district's streets are told by; all else is a site of its own, such as a hospital. */
export const STREET = /[路街道巷]$/;

/** Sites by district, each written as its Chinese and its English name and its points. */
export function placesOf(districts: Record<string, [zh: string, en: string, line: string][]>): Record<string, Site[]> {
  const point = (text: string): [number, number] => text.split(",").map(Number) as [number, number];
  return Object.fromEntries(
    Object.entries(districts).map(([district, sites]) => [
      district,
      sites.map(([zh, en, line]) => ({ zh, en, line: line.split(" ").map(point) })),
    ]),
  );
}

/** A point of a site's line, a part of the way along it. */
export function pointOn({ line }: Site, part: number): { lon: number; lat: number } {
  const way = part * (line.length - 1);
  const i = Math.min(line.length - 2, Math.floor(way));
  const [[ax, ay] = [0, 0], [bx, by] = [0, 0]] = line.slice(i, i + 2);
  return {
    lon: Number((ax + (bx - ax) * (way - i)).toFixed(5)),
    lat: Number((ay + (by - ay) * (way - i)).toFixed(5)),
  };
}
