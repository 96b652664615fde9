/** A page that is looked at. `wall`: which screen of which place it is, null where it is none. */
export interface LookedPage {
  name: string;
  path: string;
  wall: { city: string; screen: string } | null;
}

interface CityAnswer {
  id: string;
  screens: { id: string }[];
}

/** Every wall of every place, and one page of each other kind. @param cities what `/api/v1/cities` says */
export function allPages(cities: CityAnswer[]): LookedPage[] {
  const walls = cities.flatMap(({ id, screens }) =>
    screens.map((screen) => ({
      name: `wall-${id}-${screen.id}`,
      path: `/wall/${id}/${screen.id}`,
      wall: { city: id, screen: screen.id },
    })),
  );
  const others = Object.entries({
    home: "/",
    district: "/district/lianyungang/320706",
    "district-guangdong": "/district/guangdong/440100",
    analysis: "/district/lianyungang/320706?view=analysis",
    metric: "/metric/lianyungang/cases-today",
    compare: "/compare",
    indicators: "/indicators/hangzhou",
    event: "/events/zhangjiagang/none-such",
    gallery: "/gallery",
    "not-found": "/wall/nowhere/overview",
  }).map(([name, path]) => ({ name, path, wall: null }));
  return [...others, ...walls];
}

/** Sizes in CSS pixels: of walls, of a desk's screen, of a phone. */
export const WALL_SIZES = ["1920x1080", "3840x2160", "5760x1080", "7680x2160"];
export const ALL_SIZES = [...WALL_SIZES, "1366x768", "390x844"];

export function sizeOf(name: string): { width: number; height: number } {
  const [width = 0, height = 0] = name.split("x").map(Number);
  if (!(width > 0 && height > 0)) throw new Error(`${name} is no size; write it as 1920x1080`);
  return { width, height };
}
