import "@/app/pages.css";
import { Account } from "@/components/account/account";
import { pageLang } from "../request";

export default async function Page({ searchParams }: { searchParams: Promise<{ to?: string | string[] }> }) {
  const { to } = await searchParams;
  return <Account lang={await pageLang()} to={typeof to === "string" ? to : null} />;
}
