import "@/app/pages.css";
import { AuditLog } from "@/components/account/audit-log";
import { pageLang } from "../request";

export default async function Page({ searchParams }: { searchParams: Promise<{ lang?: string }> }) {
  return <AuditLog lang={await pageLang((await searchParams).lang)} />;
}
