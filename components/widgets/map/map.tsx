"use client";
import "./map.css";
import { Fragment, lazy, Suspense, useCallback, useRef, useState } from "react";
import type { WidgetProps } from "@/lib/contract/widget";
import { usePageContext } from "@/components/ui/page-context";
import { t } from "@/components/ui/i18n";
import { fillMetric, type MapSettings } from "./definition";
import { Legend } from "./legend";
import { roomIn } from "./map-option";
import { useOpenMap, type ViewProps } from "./use-open-map";
import type { Hover } from "./wishes";

const MapCard = lazy(() => import("./map-card"));
const EventCard = lazy(() => import("./event-card"));
const MapPlaces = lazy(() => import("./map-places"));

/** The end of a text that no line is broken in. */
const LAST_WORD = /[^\s，、]*$/;

/** Made again as a whole after its WebGL context was lost. */
export default function MapWidget(props: WidgetProps<MapSettings>) {
  const [generation, setGeneration] = useState(0);
  // One function for good: a new one at each render would make the map anew each time.
  const onLost = useCallback(() => setGeneration((n) => n + 1), []);
  return <MapView key={generation} {...props} onLost={onLost} />;
}

function MapView({ settings, city, safe, onLost }: ViewProps) {
  const { lang } = usePageContext();
  const host = useRef<HTMLDivElement>(null);
  const [hover, setHover] = useState<Hover | null>(null);
  const { ready, lost, choose, open } = useOpenMap(host, { settings, city, safe, onLost, onHover: setHover });
  const room = useCallback(() => {
    const { clientWidth: width = 0, clientHeight: height = 0 } = host.current ?? {};
    return roomIn({ width, height }, safe);
  }, [safe]);
  const metric = fillMetric(settings);
  const credits = (city.baseMaps ?? []).map(({ attribution }) => attribution);
  const told = [...new Set([city.mapNotice[lang], ...credits])].filter(Boolean).join(" · ").split(" · ");
  return (
    <div
      className="map"
      role="group"
      aria-label={`${city.name[lang]} ${t(lang, "map")}`}
      data-map={city.id}
      data-ready={ready}
    >
      <div ref={host} className="map" />
      <Legend settings={settings} city={city} />
      <p className="map-notice">
        {told.map((part, i) => {
          const tail = part.search(LAST_WORD);
          // A dot goes with the word before it: no line begins with one.
          return (
            <Fragment key={part}>
              {part.slice(0, tail)}
              <span>{i < told.length - 1 ? `${part.slice(tail)} ·` : part.slice(tail)}</span>{" "}
            </Fragment>
          );
        })}
      </p>
      {!ready && <p className="map-wait">{t(lang, lost ? "mapLost" : "loadingMap")}</p>}
      {ready && settings.select && (
        <Suspense>
          <MapPlaces settings={settings} city={city} onChoose={choose} onOpen={open} />
          {hover && "events" in hover && <EventCard hover={hover} city={city} room={room} />}
          {hover && "adcode" in hover && metric && (
            <MapCard hover={hover} settings={settings} city={city} metric={metric} room={room} />
          )}
        </Suspense>
      )}
    </div>
  );
}
