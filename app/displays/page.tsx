import "@/app/pages.css";
import { Displays } from "@/components/displays/displays";
import { mustBeAllowed, pageLang } from "../request";

export default async function Page() {
  await mustBeAllowed("displays");
  return <Displays lang={await pageLang()} />;
}
