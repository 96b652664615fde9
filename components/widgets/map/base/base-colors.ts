import { between, rgb, type Palette, type Rgb } from "@/components/ui/theme";

/** The colours of a base map, and how its pictures are toned. All of them are made of a theme's own: it stays the ground of the data. */
export interface BaseColors {
  park: string;
  water: string;
  building: string;
  road: string;
  boundary: string;
  /** names of places; of roads and waters, dimmer */
  name: string;
  dim: string;
  halo: string;
  hill: { shadow: string; light: string };
  picture: { saturation: number; darkest: number; brightest: number; contrast: number; opacity: number };
}

const css = (color: Rgb): string => `rgb(${color.join(",")})`;

/** How light a colour is, 0 to 1: the weights are those of Rec. 709. */
function lightness([red, green, blue]: Rgb): number {
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}

/**
 * Water is told from land by its lightness alone: classes of data are blue, and a sea that were blue would be taken for the lowest of
 * them. On a dark ground it is darker, unless nothing is.
 */
function waterOf(colors: Palette): Rgb {
  const ground = rgb(colors.map);
  if (lightness(ground) >= 0.5) return between(ground, rgb(colors["land-line"]), 0.66);
  const isBlack = lightness(ground) < 0.03;
  return isBlack ? between(ground, rgb(colors.rule), 0.38) : between(ground, rgb(colors.shade), 0.55);
}

/** A theme's colours for a base map: dark pictures on a dark ground, pale ones on a light one. */
export function baseColors(colors: Palette): BaseColors {
  const mixed = (from: Rgb, to: string, part: number): Rgb => between(from, rgb(to), part);
  const [ground, land] = [rgb(colors.map), rgb(colors.land)];
  const isDark = lightness(ground) < 0.5;
  return {
    park: css(isDark ? mixed(land, colors["code-green"], 0.08) : mixed(ground, colors["code-green"], 0.16)),
    water: css(waterOf(colors)),
    building: css(mixed(land, colors.road, 0.4)),
    road: css(rgb(colors.road)),
    boundary: css(mixed(land, colors.faint, 0.45)),
    name: css(rgb(colors.muted)),
    dim: css(rgb(colors.faint)),
    halo: css(rgb(colors["map-halo"])),
    hill: {
      shadow: css(mixed(ground, colors.shade, isDark ? 0.6 : 0.35)),
      light: css(mixed(land, colors.ink, isDark ? 0.25 : 0)),
    },
    picture: isDark
      ? { saturation: -0.75, darkest: 0, brightest: 0.42, contrast: -0.1, opacity: 0.85 }
      : { saturation: -0.65, darkest: 0.3, brightest: 1, contrast: -0.15, opacity: 0.75 },
  };
}
