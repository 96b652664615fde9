import "@/app/pages.css";
import { SignIn } from "@/components/account/sign-in";
import { pageLang } from "../request";

export default async function Page({
  searchParams,
}: {
  searchParams: Promise<{ lang?: string; to?: string | string[] }>;
}) {
  const { lang, to } = await searchParams;
  return <SignIn lang={await pageLang(lang)} to={typeof to === "string" ? to : null} />;
}
