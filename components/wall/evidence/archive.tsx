"use client";
import type { QualityAnswer } from "@/lib/contract/quality";
import type { Lang } from "@/lib/contract/city";
import type { PlayerState } from "@/lib/live/replay-player";
import { formatLag, ratio, said, total } from "@/components/ui/completeness";
import { t } from "@/components/ui/i18n";
import { usePageContext } from "@/components/ui/page-context";
import { useQuality } from "../../page/use-quality";
import { FactList } from "./fact-list";
import type { Fact } from "./told";
import { say } from "./words";

/** How late and how complete a topic's readings come, as the metric's page tells it. */
function archiveFacts(quality: QualityAnswer | null, error: string | null, lang: Lang): Fact[] {
  const waiting = error ?? (quality ? t(lang, "noHistory") : say(lang, "stillLoading"));
  const all = total(quality?.hours ?? []);
  const lag = quality?.lag;
  const delay = lag
    ? { text: formatLag(lag.p50, lang), note: `${t(lang, "lagMost")} ${formatLag(lag.p95, lang)}` }
    : { text: "–", note: waiting };
  const came = all.due > 0 ? { text: ratio(all), note: said(all, lang) } : { text: "–", note: waiting };
  return [
    { key: "delay", term: t(lang, "lagMedian"), ...delay },
    { key: "completeness", term: say(lang, "completeness"), ...came },
  ];
}

export function Archive({ topic, past }: { topic: string; past: PlayerState | null }) {
  const { lang } = usePageContext();
  const { quality, error } = useQuality(topic, past);
  return <FactList facts={archiveFacts(quality, error, lang)} />;
}
