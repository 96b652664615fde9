import "@/app/pages.css";
import { SignIn } from "@/components/account/sign-in";
import { OIDC_REFUSALS } from "@/lib/contract/oidc-refusals";
import { pageLang } from "../request";

export default async function Page({
  searchParams,
}: {
  searchParams: Promise<{ lang?: string; to?: string | string[]; refused?: string | string[] }>;
}) {
  const { lang, to, refused } = await searchParams;
  const why = OIDC_REFUSALS.find((one) => one === refused) ?? null;
  return <SignIn lang={await pageLang(lang)} to={typeof to === "string" ? to : null} refused={why} />;
}
