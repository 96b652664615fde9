import Link from "next/link";
import { t } from "@/components/ui/i18n";
import { noRightWord } from "@/components/ui/no-right";
import { pageLang } from "./request";

/** There is such a page, and no right to it. */
export default async function Forbidden() {
  const lang = await pageLang();
  return (
    <main className="lost" data-no-right>
      <h1>{noRightWord("noRightHere", lang)}</h1>
      <p>{noRightWord("askForIt", lang)}</p>
      <Link href="/">{t(lang, "home")}</Link>
    </main>
  );
}
