import Link from "next/link";
import { t } from "@/components/ui/i18n";
import { pageLang } from "./request";

export default async function NotFound() {
  const lang = await pageLang();
  return (
    <div className="lost">
      <p>{t(lang, "notFound")}</p>
      <Link href="/">{t(lang, "home")}</Link>
    </div>
  );
}
