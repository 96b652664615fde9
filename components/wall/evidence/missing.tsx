"use client";
import type { CityFacts, Metric } from "@/lib/contract/city";
import { usePageContext } from "@/components/ui/page-context";
import { t } from "@/components/ui/i18n";
import { useAnswer } from "../../page/use-answer";
import { missingDistricts, totalUrl, type TotalSnapshot } from "../missing-districts";

/** How often a total is asked what it lacks, ms. */
const REFRESH = 5_000;

/** Which districts a total that is computed lacks now. Of the past nobody keeps it. */
export function Missing({ city, metric }: { city: CityFacts; metric: Metric }) {
  const { lang } = usePageContext();
  const { answer, error } = useAnswer<TotalSnapshot>(totalUrl(city, metric), 0, REFRESH);
  const names = answer && error === null ? missingDistricts(city, metric, answer, lang) : null;
  return (
    <dl className="evidence-facts">
      <div data-fact="missing">
        <dt>{t(lang, "missingDistricts")}</dt>
        <dd data-missing={names?.length}>
          {names?.length === 0 ? t(lang, "noneMissing") : (names?.join(lang === "zh" ? "、" : ", ") ?? "–")}
        </dd>
      </div>
    </dl>
  );
}
