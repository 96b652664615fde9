import "@/app/pages.css";
import { Invite } from "@/components/account/invite";
import { pageLang } from "../request";

export default async function Page() {
  return <Invite lang={await pageLang()} />;
}
