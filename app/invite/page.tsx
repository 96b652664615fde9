import "@/app/pages.css";
import { Invite } from "@/components/account/invite";
import { pageLang } from "../request";

export default async function Page({ searchParams }: { searchParams: Promise<{ lang?: string }> }) {
  return <Invite lang={await pageLang((await searchParams).lang)} />;
}
