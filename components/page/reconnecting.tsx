"use client";
import { t } from "@/components/ui/i18n";
import { usePageContext } from "@/components/ui/page-context";

/** Says that the gateway is not heard: what the page shows is what was known before. */
export function Reconnecting({ up }: { up: boolean }) {
  const { lang } = usePageContext();
  if (up) return null;
  return (
    <div className="banner" role="alert">
      {t(lang, "reconnecting")}
    </div>
  );
}
