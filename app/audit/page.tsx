import "@/app/pages.css";
import { AuditLog } from "@/components/account/audit-log";
import { mustBeAllowed, pageLang } from "../request";

export default async function Page({ searchParams }: { searchParams: Promise<{ lang?: string }> }) {
  await mustBeAllowed("audit");
  return <AuditLog lang={await pageLang((await searchParams).lang)} />;
}
