import Link from "next/link";
import { t } from "@/components/ui/i18n";
import { pageLang } from "../../../request";

/** Neither the gateway nor the store knows the event. */
export default async function NotFound() {
  const lang = await pageLang();
  return (
    <div className="lost">
      <p>{t(lang, "eventUnknown")}</p>
      <Link href="/">{t(lang, "home")}</Link>
    </div>
  );
}
