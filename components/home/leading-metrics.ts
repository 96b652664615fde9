import type { Screen } from "@/lib/contract/screens";

/** Metrics that a screen is told by: those of its own figure tiles, else the first its tiles name; three at the most. */
export function leadingMetrics(layout: Screen | null): string[] {
  const named = (layout?.tiles ?? []).flatMap((tile) =>
    typeof tile.settings.metric === "string"
      ? [{ metric: tile.settings.metric, figure: tile.widget === "figure" }]
      : [],
  );
  return [...new Set([...named.filter((n) => n.figure), ...named].map((n) => n.metric))].slice(0, 3);
}
