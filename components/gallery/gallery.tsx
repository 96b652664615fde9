"use client";
import Link from "next/link";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import type { CityFacts, Lang } from "@/lib/contract/city";
import type { Tile as TileConfig } from "@/lib/contract/screens";
import { RenderScheduler } from "@/lib/live/render-scheduler";
import { PageContextProvider } from "@/components/ui/page-context";
import { t } from "@/components/ui/i18n";
import { Tile } from "@/components/wall/tile";
import { redrawWhenStale } from "@/components/page/redraw";
import { turnTheme, useTheme } from "@/components/page/page-theme";
import { useLang } from "@/components/page/use-lang";
import { widgets } from "@/components/widgets";
import { layers } from "@/components/widgets/map/layers";
import { SampleLive } from "./sample-live";

const never = (): (() => void) => () => {};

interface Sample {
  tile: TileConfig;
  w: number;
  h: number;
}

function widgetSamples(): Sample[] {
  return Object.values(widgets).map(({ definition }) => {
    const { type, sample, size } = definition;
    return {
      tile: { id: type, widget: type, box: { x: 0, y: 0, w: 1, h: 1 }, settings: sample as Record<string, unknown> },
      w: size.w,
      h: size.h,
    };
  });
}

function layerSamples(): Sample[] {
  return Object.values(layers).map((definition) => ({
    tile: {
      id: `layer-${definition.type}`,
      widget: "map",
      title: { zh: `图层 · ${definition.name.zh}`, en: `Layer: ${definition.name.en}` },
      box: { x: 0, y: 0, w: 1, h: 1 },
      settings: {
        layers:
          definition.type === "outlines"
            ? [definition.sample]
            : [definition.sample, { type: "outlines", labels: false }],
        pitch: definition.type === "columns" || definition.type === "arcs" ? 45 : 0,
        select: false,
      },
    },
    w: 8,
    h: 6,
  }));
}

/** Every widget and every map layer with its sample, frozen in time. */
export function Gallery({ city, lang: initialLang }: { city: CityFacts; lang: Lang }) {
  const mounted = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  const [lang, toggleLang] = useLang(initialLang);
  const { theme } = useTheme(null);
  const pageContext = useMemo(
    () => (mounted ? { live: new SampleLive(city), scheduler: new RenderScheduler(), lang } : null),
    [mounted, city, lang],
  );
  useEffect(() => (pageContext ? redrawWhenStale(pageContext.scheduler) : undefined), [pageContext]);
  if (!pageContext) return <div className="home" />;
  return (
    <PageContextProvider value={pageContext}>
      <div className="home">
        <header className="home-head">
          <div>
            <h1>{t(lang, "gallery")}</h1>
            <p>{city.name[lang]}</p>
          </div>
          <div className="home-links">
            <Link href="/">{t(lang, "home")}</Link>
            <button type="button" onClick={toggleLang}>
              {lang === "zh" ? "English" : "中文"}
            </button>
            <button type="button" onClick={turnTheme}>
              {t(lang, theme)}
            </button>
          </div>
        </header>
        <div className="gallery">
          {[...widgetSamples(), ...layerSamples()].map(({ tile, w, h }) => (
            <div key={tile.id} className="gallery-cell" style={{ gridColumn: `span ${w}`, gridRow: `span ${h}` }}>
              <Tile tile={tile} box={{ x: 0, y: 0, w: 1, h: 1 }} city={city} />
            </div>
          ))}
        </div>
      </div>
    </PageContextProvider>
  );
}
