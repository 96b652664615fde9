import "@/app/pages.css";
import { Tokens } from "@/components/account/tokens";
import { mustBeAllowed, pageLang } from "../request";

export default async function Page() {
  await mustBeAllowed("tokens");
  return <Tokens lang={await pageLang()} />;
}
