import "@/app/pages.css";
import { Account } from "@/components/account/account";
import { pageLang } from "../request";

export default async function Page({ searchParams }: { searchParams: Promise<{ lang?: string }> }) {
  return <Account lang={await pageLang((await searchParams).lang)} />;
}
