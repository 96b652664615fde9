import { Pair } from "@/components/pair/pair";
import { pageLang } from "../request";

export default async function Page() {
  return <Pair lang={await pageLang()} />;
}
