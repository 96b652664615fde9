"use client";
import "maplibre-gl/dist/maplibre-gl.css";
import { MapLibreOverlay } from "@deck.gl/maplibre";
import type { Device } from "@luma.gl/core";
import { Map as MapLibre, setWorkerUrl } from "maplibre-gl";
import { useRouter } from "next/navigation";
import { useCallback, useEffect, useRef, useState } from "react";
import { after } from "@/lib/clock";
import { districtOf, placesUnder } from "@/lib/contract/city";
import type { WidgetProps } from "@/lib/contract/widget";
import { metricFacts } from "@/lib/contract/widget-settings";
import { readMetric } from "@/lib/live/read-metric";
import { readingTopic } from "@/lib/contract/topics";
import { usePageContext } from "@/components/ui/page-context";
import { shortNumber, t } from "@/components/ui/i18n";
import { MissingNote } from "@/components/ui/missing-note";
import { COLORS, rem } from "@/components/ui/theme";
import { useRenderTask } from "@/components/ui/use-render-task";
import { definition, fillMetric, type LayerSettings, type MapSettings } from "./definition";
import type { Districts, LayerContext, MakeLayer, MapLayer, Roads } from "./layer";
import { layers as registry, type LayerType } from "./layers";
import { isQualityMark } from "./quality-marks";
import { boundsAround, boundsOf, districtAt, framesFor, neighbour, seatAt, type Arrow } from "./map-option";

setWorkerUrl("/vendor/maplibre-gl-worker.mjs");

/** How long a lost WebGL context may take to settle before the map is made anew, ms. */
const RECOVER_AFTER = 1_000;
/** The layer of names, drawn last. */
const LABELS = "outlines-labels";
const METRES_AT_ZOOM_0 = 78_271.5;

interface Made {
  map: MapLibre;
  overlay: MapLibreOverlay;
  layers: MapLayer[];
}

async function fetchJson<T>(url: string): Promise<T | null> {
  const response = await fetch(url);
  return response.ok ? ((await response.json()) as T) : null;
}

/** Made again as a whole after its WebGL context was lost. */
export default function MapWidget(props: WidgetProps<MapSettings>) {
  const [generation, setGeneration] = useState(0);
  // One function for good: a new one at each render would make the map anew each time.
  const onLost = useCallback(() => setGeneration((n) => n + 1), []);
  return <MapView key={generation} {...props} onLost={onLost} />;
}

function MapView({ settings, city, onLost }: WidgetProps<MapSettings> & { onLost: () => void }) {
  const { live, lang } = usePageContext();
  const router = useRouter();
  const host = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const made = useRef<Made | null>(null);
  const selected = useRef<string | null>(null);
  const nextMotion = useRef<(() => void) | null>(null);
  const [ready, setReady] = useState(false);
  const [lost, setLost] = useState(false);
  const key = JSON.stringify(settings);

  const handle = useRenderTask(
    host,
    { rank: "chart", every: 33, topics: definition.topics(settings, city), beat: true },
    (own) => {
      const current = made.current;
      if (!current) return;
      const drawn = current.layers.flatMap((layer) => layer.draw(live.now()));
      // Names stand over everything: a place without its name is no place, and a mark is seen around it.
      const [names, marks] = [drawn.filter((layer) => layer.id === LABELS), drawn.filter(isQualityMark)];
      current.overlay.setProps({
        layers: [...drawn.filter((layer) => layer.id !== LABELS && !isQualityMark(layer)), ...marks, ...names],
      });
      const motion = Math.max(0, ...current.layers.map((layer) => layer.motion?.() ?? 0));
      const fps = framesFor(live.connected() ? motion : 0);
      nextMotion.current?.();
      if (fps > 0) nextMotion.current = after(1000 / fps, own.mark);
    },
  );

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    let gone = false;
    let cleanup = (): void => {};
    const asked = JSON.parse(key) as MapSettings;
    const under = placesUnder(city, asked.subdivisions);
    const outlined = city.outlined || asked.subdivisions !== undefined;
    void (async () => {
      const [districts, roads, modules] = await Promise.all([
        fetchJson<Districts>(
          `/api/v1/cities/${city.id}/${asked.subdivisions ? `subdivisions/${asked.subdivisions}` : "districts"}.geojson`,
        ),
        asked.layers.some((layer) => layer.type === "roads")
          ? fetchJson<Roads>(`/api/v1/cities/${city.id}/roads.geojson`)
          : null,
        loadLayers(asked.layers),
        // Labels are drawn from a texture: their font has to be there first.
        document.fonts.load('500 32px "Noto Sans SC"', under.map((d) => d.name.zh).join("")),
        document.fonts.load('500 32px "JetBrains Mono"', "0123456789"),
      ]);
      if (gone || !districts) return;
      const alone = outlined ? undefined : districtOf(city, asked.focus ?? "");
      const bounds = alone ? boundsAround(alone.seat) : boundsOf(districts, asked.focus);
      const placeAt = (lon: number, lat: number): string | null =>
        outlined ? districtAt(districts, lon, lat) : seatAt(under, lon, lat);
      const padding = (): number => Math.round(rem() * 1.6);
      const map = new MapLibre({
        container: element,
        attributionControl: false,
        interactive: false,
        fadeDuration: 0,
        bounds,
        fitBoundsOptions: { padding: padding() },
        pitch: asked.pitch,
        style: {
          version: 8,
          sources: { land: { type: "geojson", data: districts } },
          layers: [
            { id: "ground", type: "background", paint: { "background-color": "#0d151d" } },
            { id: "land", type: "fill", source: "land", paint: { "fill-color": "#16212b", "fill-antialias": false } },
            { id: "land-lines", type: "line", source: "land", paint: { "line-color": "#26343f", "line-width": 1 } },
          ],
        },
      });
      let device: Device | null = null;
      const overlay = new MapLibreOverlay({
        interleaved: true,
        layers: [],
        onDeviceInitialized: (made) => {
          device = made;
        },
      });
      map.addControl(overlay);
      const context: LayerContext = {
        city,
        lang,
        live,
        districts,
        roads,
        rem,
        selected: () => selected.current ?? asked.focus ?? null,
        zoom: () => map.getZoom(),
        metresPerPixel: () => (METRES_AT_ZOOM_0 * Math.cos((map.getCenter().lat * Math.PI) / 180)) / 2 ** map.getZoom(),
      };
      const fit = (): void => {
        map.fitBounds(bounds, { padding: padding(), duration: 0, pitch: asked.pitch });
        handle.current?.mark();
      };
      const choose = (adcode: string | null): void => {
        if (selected.current === adcode || !asked.select) return;
        selected.current = adcode;
        element.style.cursor = adcode ? "pointer" : "";
        element.dataset.selected = adcode ?? "";
        handle.current?.mark();
      };
      map.on("resize", fit);
      map.on("mousemove", (event) => choose(placeAt(event.lngLat.lng, event.lngLat.lat)));
      map.on("mouseout", () => choose(null));
      const open = (): void => {
        if (selected.current && asked.select) router.push(`/district/${city.id}/${selected.current}`);
      };
      map.on("click", (event) => {
        choose(placeAt(event.lngLat.lng, event.lngLat.lat));
        open();
      });
      const onKey = (event: KeyboardEvent): void => {
        if (!asked.select || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
        if (event.key.startsWith("Arrow")) choose(neighbour(under, selected.current, event.key as Arrow));
        else if (event.key === "Enter" && selected.current) open();
        else if (event.key === "Escape") choose(null);
        else return;
        event.preventDefault();
      };
      window.addEventListener("keydown", onKey);
      map.getCanvas().addEventListener("webglcontextlost", (event) => {
        // Taking a map down loses its context as well; that one is not to be recovered.
        if (gone) return;
        event.preventDefault();
        setReady(false);
        setLost(true);
        after(RECOVER_AFTER, onLost);
      });
      map.once("idle", () => setReady(true));
      made.current = { map, overlay, layers: modules.map(({ make, layer }) => make(layer, context)) };
      handle.current?.mark();
      cleanup = () => {
        window.removeEventListener("keydown", onKey);
        made.current = null;
        nextMotion.current?.();
        map.remove();
        // Neither deck.gl nor the device itself ends its watch over the canvas: the listener on the screen's pixel ratio would hold the whole map.
        device?.canvasContext?.destroy();
        device?.destroy();
      };
      if (gone) cleanup();
    })();
    return () => {
      gone = true;
      cleanup();
    };
  }, [key, city, lang, live, router, handle, onLost]);

  return (
    <div ref={frame} className="map" data-map={city.id} data-ready={ready}>
      <div ref={host} className="map" />
      <Legend settings={settings} city={city} />
      <p className="map-notice">{city.mapNotice[lang]}</p>
      {!ready && <p className="map-wait">{t(lang, lost ? "mapLost" : "loadingMap")}</p>}
    </div>
  );
}

async function loadLayers(asked: LayerSettings[]): Promise<{ make: MakeLayer<unknown>; layer: LayerSettings }[]> {
  const order = Object.keys(registry) as LayerType[];
  const sorted = [...asked].sort((a, b) => order.indexOf(a.type) - order.indexOf(b.type));
  return Promise.all(sorted.map(async (layer) => ({ layer, make: (await registry[layer.type].load()).default })));
}

function Legend({ settings, city }: WidgetProps<MapSettings>) {
  const { live, lang } = usePageContext();
  const ends = useRef<HTMLSpanElement>(null);
  const id = fillMetric(settings);
  const metric = id ? metricFacts(city, id) : null;
  const filled = id
    ? placesUnder(city, settings.subdivisions).map((district) => readingTopic(city.id, district.adcode, id))
    : [];
  useRenderTask(ends, { rank: "figure", every: 1_000, topics: [], beat: true }, () => {
    const values = filled.flatMap((topic) => readMetric(live, city, topic).counted ?? []);
    if (ends.current) {
      const [low, high] = [Math.min(...values), Math.max(...values)].map((value) => shortNumber(value, lang));
      ends.current.textContent = values.length === 0 ? "" : [...new Set([low, high])].join(" – ");
    }
  });
  return (
    <div className="map-legend">
      {metric && (
        <div>
          <div>
            {metric.name[lang]}
            {metric.unit[lang] ? ` (${metric.unit[lang]})` : ""}{" "}
            <span ref={ends} className="figure" style={{ color: COLORS.text }} />
          </div>
          <div className="ramp" />
          <MissingNote topics={filled} city={city} />
        </div>
      )}
      {settings.layers.some((layer) => layer.type === "roads") && (
        <div>
          <div className="flex justify-between" style={{ width: "9rem" }}>
            <span>{t(lang, "smooth")}</span>
            <span>{t(lang, "jammed")}</span>
          </div>
          <div className="flow-ramp" />
        </div>
      )}
    </div>
  );
}
