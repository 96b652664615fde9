"use client";
import { t } from "@/components/ui/i18n";
import { goLive, useRefusedMoment } from "./page-time";

/**
 * Says that the address names a moment that there is none of, and offers the present: no other day may be taken for the
 * one that was asked for. Covers the page, in its language.
 */
export function RefusedMomentNotice() {
  const refused = useRefusedMoment();
  if (!refused) return null;
  const lang = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
  return (
    <div className="refused-moment" role="alertdialog" aria-labelledby="refused-moment" data-refused={refused.name}>
      <h2 id="refused-moment">{t(lang, refused.why === "none" ? "noSuchMoment" : "endsBefore")}</h2>
      <code>
        {refused.name}={refused.text}
      </code>
      <p>{t(lang, refused.why === "none" ? "momentForm" : "rangeForm")}</p>
      <button type="button" autoFocus onClick={goLive}>
        {t(lang, "showLive")}
      </button>
    </div>
  );
}
