import "@/app/pages.css";
import { AuditLog } from "@/components/account/audit-log";
import { mustBeAllowed, pageLang } from "../request";

export default async function Page() {
  await mustBeAllowed("audit");
  return <AuditLog lang={await pageLang()} />;
}
