"use client";
import "./line.css";
import { LineChart } from "echarts/charts";
import { useRef, type CSSProperties, type RefObject } from "react";
import type { WidgetProps } from "@/lib/contract/widget";
import { refColor, refTopic } from "@/lib/contract/widget-settings";
import { Chart } from "@/components/ui/chart";
import { echarts } from "@/components/ui/echarts";
import { usePageContext } from "@/components/ui/page-context";
import { paintValue, setData } from "@/components/ui/paint-value";
import { SEVERITY_SHAPES } from "@/components/ui/severity-shapes";
import { seriesVariable, severityVariable } from "@/components/ui/theme";
import { useRenderTask } from "@/components/ui/use-render-task";
import { definition, showsRises, type LineSettings } from "./definition";
import type { Room } from "./line-ends";
import { headOf } from "./line-head";
import type { Drawing } from "./line-option";
import { hasGhost, lineDrawing, lineSeen, namesOf } from "./line-state";
import { targetIn, type TargetLabel } from "./line-target";

echarts.use([LineChart]);

/** How far the script has come that draws bars of hours: 8 KB that no overview needs. */
let bars: "none" | "asked" | "there" = "none";

/** Whether bars can be drawn; where not, their script is asked for, again if it did not come. */
function barsCome(): boolean {
  if (bars === "none") {
    bars = "asked";
    import("./line-bars").then(
      () => (bars = "there"),
      () => (bars = "none"),
    );
  }
  return bars === "there";
}

/** Values over time; names and values stand where the lines end. */
export default function Line({ settings, city }: WidgetProps<LineSettings>) {
  const { live, lang } = usePageContext();
  const ends = useRef<HTMLDivElement>(null);
  const goal = useRef<HTMLSpanElement>(null);
  const shown = { live, city, lang, settings };
  const topics = definition.topics(settings, city);
  const target = targetIn(shown);
  const rises = showsRises(settings, city);

  useRenderTask(ends, { rank: "figure", every: 250, topics, beat: true }, () => {
    settings.series.forEach((ref, i) => {
      const value = ends.current?.querySelectorAll<HTMLElement>("[data-topic]")[i];
      if (value) paintValue(value, live, city, refTopic(city, ref), lang);
    });
  });

  return (
    <div className="line-box">
      <Chart
        topics={topics}
        beat
        // Its series hold a point a second at the finest.
        every={settings.span > 900 ? 5_000 : 1_000}
        look={(size) => lineSeen(shown, size)}
        build={(px, size) => {
          if (rises && !barsCome()) return null;
          const drawing = lineDrawing(shown, px, size);
          if (drawing && ends.current) placeEnds(ends.current, drawing, hasGhost(shown));
          if (drawing?.target && goal.current) placeTarget(goal.current, drawing.target);
          return drawing?.option ?? null;
        }}
      />
      {target && (
        <span ref={goal} className="line-target" hidden>
          <i />
          {target.words}
        </span>
      )}
      <Ends settings={settings} city={city} host={ends} />
    </div>
  );
}

/** Puts names and values where the lines that were just drawn end. */
function placeEnds(host: HTMLElement, { room, tops }: Drawing & { room: Room }, haunted: boolean): void {
  const ghost = host.querySelector<HTMLElement>(".line-ghost");
  if (ghost) ghost.hidden = !haunted;
  const head = host.querySelector<HTMLElement>(".line-head");
  if (head) head.hidden = head.dataset.empty === "true" && !haunted;
  setData(host, "place", room.place);
  setData(host, "names", String(room.names));
  host.style.setProperty("--right", `${room.right}rem`);
  host.querySelectorAll<HTMLElement>(".line-end").forEach((end, i) => {
    const top = tops[i] ?? null;
    end.style.top = top === null ? "" : `${top}px`;
    end.hidden = room.place === "end" && top === null;
  });
}

/** Puts the target's words at the edge of its range, with an arrow where that is beyond the axis. */
function placeTarget(label: HTMLElement, { left, top, beyond }: TargetLabel): void {
  label.hidden = false;
  setData(label, "beyond", beyond ?? "");
  label.style.left = `${left}px`;
  label.style.top = `${top}px`;
}

/** The unit of the axis, and each line's name and newest value; placed and painted by the widget. */
function Ends({ settings, city, host }: WidgetProps<LineSettings> & { host: RefObject<HTMLDivElement | null> }) {
  const { lang } = usePageContext();
  const names = namesOf({ city, lang, settings });
  const { unit, events, ghost } = headOf({ city, lang, settings });
  // A ghost alone is named only once there is one: see `placeEnds`.
  const empty = !unit && !events;
  return (
    <div ref={host} className="line-ends" data-place="row" data-names={settings.series.length > 1}>
      <span className="line-head" data-empty={empty} hidden={empty}>
        {unit && <span className="line-unit">{unit}</span>}
        {settings.events && (
          <span className="line-events">
            <svg viewBox="0 0 64 64" aria-hidden="true" style={{ fill: severityVariable(settings.events) }}>
              <path d={SEVERITY_SHAPES[settings.events]} />
            </svg>
            {events}
          </span>
        )}
        {ghost && (
          <span className="line-ghost" hidden>
            <i />
            {ghost}
          </span>
        )}
      </span>
      {settings.series.map((ref, i) => (
        <span
          key={`${ref.metric} ${ref.district}`}
          className="line-end"
          style={{ "--series": seriesVariable(i, refColor(city, ref)) } as CSSProperties}
        >
          <i />
          <span className="line-name">{names[i]}</span>
          <span className="figure line-value" data-topic={refTopic(city, ref)} data-at="" data-freshness="offline">
            –
          </span>
        </span>
      ))}
    </div>
  );
}
