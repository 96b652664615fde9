import "@/app/pages.css";
import { Displays } from "@/components/displays/displays";
import { mustBeAllowed, pageLang } from "../request";

export default async function Page({ searchParams }: { searchParams: Promise<{ lang?: string }> }) {
  await mustBeAllowed("displays");
  return <Displays lang={await pageLang((await searchParams).lang)} />;
}
