import "@/app/pages.css";
import { Tokens } from "@/components/account/tokens";
import { mustBeAllowed, pageLang } from "../request";

export default async function Page({ searchParams }: { searchParams: Promise<{ lang?: string }> }) {
  await mustBeAllowed("tokens");
  return <Tokens lang={await pageLang((await searchParams).lang)} />;
}
