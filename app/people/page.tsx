import "@/app/pages.css";
import { People } from "@/components/account/people";
import { pageLang } from "../request";

export default async function Page({ searchParams }: { searchParams: Promise<{ lang?: string }> }) {
  return <People lang={await pageLang((await searchParams).lang)} />;
}
