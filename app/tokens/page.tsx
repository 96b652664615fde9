import "@/app/pages.css";
import { Tokens } from "@/components/account/tokens";
import { pageLang } from "../request";

export default async function Page({ searchParams }: { searchParams: Promise<{ lang?: string }> }) {
  return <Tokens lang={await pageLang((await searchParams).lang)} />;
}
