import type { CityFacts } from "@/lib/contract/city";
import { metricFacts } from "@/lib/contract/widget-settings";
import type { Live } from "@/lib/live/read-metric";
import { changeText, comparedNow, comparisonTitle, type Wish } from "./comparison";
import { usePageContext } from "./page-context";

/** How far a value lies from what its column says that it is compared with; nothing where that cannot be said. */
export function Change({ wish, metric: id, city, live }: { wish: Wish; metric: string; city: CityFacts; live: Live }) {
  const { lang } = usePageContext();
  const metric = metricFacts(city, id);
  const compared = wish.chosen === "none" ? null : comparedNow(live, city, wish);
  if (!compared) return null;
  return (
    <span
      className="comparison"
      data-compare={compared.which}
      data-good={compared.good ?? ""}
      title={comparisonTitle(compared, metric, city.timeZone, lang)}
    >
      {" "}
      <span className="figure">{changeText(compared, metric, lang)}</span>
    </span>
  );
}
