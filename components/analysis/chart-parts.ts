import type { Lang } from "@/lib/contract/city";
import { FONT, palette } from "@/components/ui/theme";

/** Pixels of so many rem. */
export type Px = (rems: number) => number;

/** How times, values and words are written on these charts. */
export interface Writing {
  lang: Lang;
  timeZone: string;
  decimals: number;
}

/** What all axes look like. */
export const axis = (px: Px) => ({
  axisLine: { lineStyle: { color: palette().hairline } },
  axisTick: { show: false },
  axisLabel: { color: palette().muted, fontSize: px(0.85), fontFamily: FONT.figures, hideOverlap: true },
});
/** What all tooltips look like. */
export const tip = (px: Px) => ({
  backgroundColor: palette().lifted,
  borderColor: palette().hairline,
  padding: px(0.6),
  textStyle: { color: palette().ink, fontSize: px(0.95), fontFamily: FONT.text },
});

/** Text that may stand in a tooltip's markup. */
export function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
