import { forbidden } from "next/navigation";

/** What the gateway shows instead of a page to whose office somebody has no right (lib/gateway/page-access.ts). */
export default function Page(): never {
  forbidden();
}
