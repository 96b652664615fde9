import "@/app/pages.css";
import { People } from "@/components/account/people";
import { mustBeAllowed, pageLang } from "../request";

export default async function Page() {
  await mustBeAllowed("people", "open");
  return <People lang={await pageLang()} />;
}
