"use client";
import { eventsTopic } from "@/lib/contract/topics";
import type { WidgetProps } from "@/lib/contract/widget";
import { isChosen } from "@/lib/contract/widget-settings";
import { eventsOf } from "@/lib/live/live";
import { useSurroundings } from "@/components/ui/context";
import { formatAge, stageName, t } from "@/components/ui/i18n";
import { SEVERITY } from "@/components/ui/theme";
import { useVersion } from "@/components/ui/use-version";
import { definition, type StagesSettings } from "./definition";
import { stagesOf } from "./stages-option";

export default function Stages({ settings, city }: WidgetProps<StagesSettings>) {
  const { live, lang } = useSurroundings();
  // The heartbeat as well: what tells that the feed is alive has to be asked for like anything else.
  useVersion(definition.topics(settings, city).map((wanted) => wanted.topic), 1_000, true);
  const state = eventsOf(live, eventsTopic(city.id));
  const events = state ? [...state.open.values(), ...state.closed.values()].filter((event) => isChosen(event, settings)) : [];
  const stages = stagesOf(events, live.now());
  const most = Math.max(1, ...stages.slice(0, -1).map((stage) => stage.count));
  if (stages.length === 0) return <p className="empty">{t(lang, "noEvents")}</p>;
  return (
    <ol className="stages" style={{ gridTemplateColumns: `repeat(${stages.length}, minmax(0, 1fr))` }}>
      {stages.map((stage, i) => (
        <li key={stage.name} data-stage={stage.name} data-last={i === stages.length - 1}>
          <b className="figure">{stage.count}</b>
          <i><em style={{ width: `${Math.min(100, (stage.count / most) * 100)}%`, background: i === stages.length - 1 ? undefined : SEVERITY[Math.max(0, stage.gravest - 1)] }} /></i>
          <span>{i + 1} {stageName(lang, stage.name)}</span>
          <small>{i === stages.length - 1 ? t(lang, "lastEightHours") : stage.standing === null ? "–" : `${t(lang, "standing")} ${formatAge(stage.standing, lang)}`}</small>
        </li>
      ))}
    </ol>
  );
}
