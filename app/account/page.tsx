import "@/app/pages.css";
import { Account } from "@/components/account/account";
import { pageLang } from "../request";

export default async function Page() {
  return <Account lang={await pageLang()} />;
}
