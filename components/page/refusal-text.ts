import { GatewayRefusal } from "@/lib/contract/answer";
import { noRightWord } from "@/components/ui/no-right";

/** Why something was refused, as a page tells it: that there is no right in the language of the page, else in the gateway's own words. */
export function refusalText(error: unknown): string {
  const isRight = error instanceof GatewayRefusal && (error.code === "no-right" || error.code === "sign-in");
  if (!isRight) return (error as Error).message;
  return noRightWord("notAllowed", document.documentElement.lang.startsWith("zh") ? "zh" : "en");
}
