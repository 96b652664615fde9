import "@/app/pages.css";
import { Displays } from "@/components/displays/displays";
import { pageLang } from "../request";

export default async function Page({ searchParams }: { searchParams: Promise<{ lang?: string }> }) {
  return <Displays lang={await pageLang((await searchParams).lang)} />;
}
