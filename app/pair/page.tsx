import { Pair } from "@/components/pair/pair";
import { pageLang } from "../request";

export default async function Page({ searchParams }: { searchParams: Promise<{ lang?: string }> }) {
  return <Pair lang={await pageLang((await searchParams).lang)} />;
}
