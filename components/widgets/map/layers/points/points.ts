import { positionsTopic } from "@/lib/contract/topics";
import { aliveSince, positionsOf } from "@/lib/live/read-metric";
import { palette, rgb } from "@/components/ui/theme";
import type { LayerContext, MapLayer, Occupied } from "../../layer";
import { writeTexts } from "../../marks/atlas";
import { columnsOfDiscs, columnsOfSprites, type MarkColumns } from "../../marks/mark-columns";
import { MarkLayer } from "../../marks/mark-layer";
import type { PointsSettings } from "./definition";
import { clusters, type Cluster } from "./points-option";

/** Of the width of a rim, and of a disc without it: rem. */
const RIM = 0.08;
const radiusOf = ({ count }: Cluster): number => (count === 1 ? 0.28 : 0.5 + Math.min(0.5, Math.log10(count) * 0.35));

/** @param unit CSS pixels of one rem */
function discsOf(found: Cluster[], unit: number): MarkColumns {
  const colors = palette();
  const [point, crowd] = [rgb(colors.point), rgb(colors["point-crowd"])];
  return columnsOfDiscs(
    found.map((cluster) => ({
      at: cluster.at,
      radius: unit * radiusOf(cluster),
      fill: cluster.count === 1 ? [...point, 230] : [...crowd, 235],
      rim: { width: unit * RIM, color: point },
    })),
  );
}

/** How many points are in each cluster, written on it. @param unit CSS pixels of one rem */
function countsOf(found: Cluster[], unit: number): { marks: MarkColumns; atlas: HTMLCanvasElement | null } {
  const crowds = found.filter(({ count }) => count > 1);
  if (crowds.length === 0) return { marks: columnsOfSprites([]), atlas: null };
  const texts = [...new Set(crowds.map(({ count }) => String(count)))];
  const { canvas, pictures } = writeTexts(texts, {
    weight: 500,
    family: '"Barlow Condensed"',
    size: unit * 0.72,
    color: palette().ink,
  });
  const sprites = crowds.flatMap(({ at, count }) => {
    const picture = pictures.get(String(count));
    return picture ? [{ at, ...picture }] : [];
  });
  return { marks: columnsOfSprites(sprites), atlas: canvas };
}

/** Crowds, whose numbers have to be read; a point alone is seen beside the letters of a name. @param unit CSS pixels of one rem */
function takenBy(found: Cluster[], unit: number): Occupied[] {
  return found
    .filter(({ count }) => count > 1)
    .map((cluster) => ({ at: cluster.at, radius: unit * (radiusOf(cluster) + RIM / 2) }));
}

export default function make(settings: PointsSettings, context: LayerContext): MapLayer {
  const topic = positionsTopic(context.city.id, settings.layer);
  let key = "";
  let discs = discsOf([], 0);
  let counts = countsOf([], 0);
  let taken: Occupied[] = [];
  return {
    draw(now) {
      const state = positionsOf(context.live, topic);
      const unit = context.rem();
      const zoom = context.zoom();
      const next = `${state?.epoch} ${state?.offset} ${Math.floor(zoom)} ${unit} ${Math.floor(now / 10_000)} ${palette().key}`;
      if (next !== key) {
        const since = aliveSince(context.live, context.city, topic);
        const found = clusters(state, since, zoom, settings.cluster * (unit / 16));
        discs = discsOf(found, unit);
        counts = countsOf(found, unit);
        taken = takenBy(found, unit);
      }
      key = next;
      return [
        new MarkLayer({ id: "points", marks: discs, marksKey: key }),
        new MarkLayer({ id: "points-counts", ...counts, marksKey: key }),
      ];
    },
    occupied: () => taken,
  };
}
