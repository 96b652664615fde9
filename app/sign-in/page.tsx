import "@/app/pages.css";
import { SignIn } from "@/components/account/sign-in";
import { OIDC_REFUSALS } from "@/lib/contract/oidc-refusals";
import { pageLang } from "../request";

export default async function Page({
  searchParams,
}: {
  searchParams: Promise<{ to?: string | string[]; refused?: string | string[] }>;
}) {
  const { to, refused } = await searchParams;
  const why = OIDC_REFUSALS.find((one) => one === refused) ?? null;
  return <SignIn lang={await pageLang()} to={typeof to === "string" ? to : null} refused={why} />;
}
