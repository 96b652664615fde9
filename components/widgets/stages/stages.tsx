"use client";
import "./stages.css";
import { localDate } from "@/lib/clock";
import { eventsTopic } from "@/lib/contract/topics";
import type { Lang } from "@/lib/contract/city";
import type { WidgetProps } from "@/lib/contract/widget";
import { eventsOf } from "@/lib/live/read-metric";
import { usePageContext } from "@/components/ui/page-context";
import { formatAge, stageName, t } from "@/components/ui/i18n";
import { severityVariable } from "@/components/ui/theme";
import { useVersion } from "@/components/ui/use-version";
import { definition, type StagesSettings } from "./definition";
import { stagesOf, type Stage } from "./stages-option";

function under(stage: Stage, lang: Lang): string {
  if (stage.closed) return t(lang, "closedToday");
  if (stage.count === 0) return t(lang, "noneHere");
  return stage.standing === null ? "–" : `${t(lang, "standing")} ${formatAge(stage.standing, lang)}`;
}

export default function Stages({ settings, city }: WidgetProps<StagesSettings>) {
  const { live, lang } = usePageContext();
  // The heartbeat as well: what tells that the feed is alive has to be asked for like anything else.
  useVersion(
    definition.topics(settings, city).map((wanted) => wanted.topic),
    1_000,
    true,
  );
  const state = eventsOf(live, eventsTopic(city.id));
  const stages = state ? stagesOf(state, settings, live.now(), localDate(live.now(), city.timeZone)) : [];
  const most = Math.max(1, ...stages.filter((stage) => !stage.closed).map((stage) => stage.count));
  if (stages.length === 0) return <p className="empty">{t(lang, state ? "noEvents" : "noData")}</p>;
  return (
    <ol className="stages" style={{ gridTemplateColumns: `repeat(${stages.length}, minmax(0, 1fr))` }}>
      {stages.map((stage, i) => (
        <li key={stage.name ?? ""} data-stage={stage.name ?? ""} data-last={stage.closed}>
          <b className="figure">{stage.count}</b>
          <i>
            <em
              style={{
                width: `${Math.min(100, (stage.count / most) * 100)}%`,
                background: stage.closed ? undefined : severityVariable(stage.gravest),
              }}
            />
          </i>
          <span>
            {i + 1} {stage.name === null ? t(lang, "otherStages") : stageName(lang, stage.name)}
          </span>
          <small>{under(stage, lang)}</small>
        </li>
      ))}
    </ol>
  );
}
