import type { CatalogueRow } from "@/lib/contract/indicators";

/** Rows in which every word of the query occurs somewhere: name, id, definition, system, owner, standard. */
export function matching(rows: CatalogueRow[], query: string): CatalogueRow[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter(({ metric, system, owner }) => {
    const text = [
      metric.id,
      metric.name.zh,
      metric.name.en,
      metric.definition?.zh,
      metric.definition?.en,
      system.zh,
      system.en,
      owner.zh,
      owner.en,
      ...(metric.iso ?? []),
    ]
      .join(" ")
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
