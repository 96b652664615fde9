import type { DisplayItem, DisplayList } from "@/lib/contract/api/displays";

/**
 * How a display stands: `waiting` was named and has not come yet; `silent` was not heard of for too long; `dark` is heard of and draws
 * nothing; `cut` draws, and no live readings come to it.
 */
export type DisplayState = "live" | "silent" | "dark" | "cut" | "waiting" | "withdrawn";

/** Ms for which a wall that is well draws nothing at the most: its clock alone is drawn each second. */
const STILL = 60_000;

/**
 * How a display stands at a moment; whatever is not known to be well is told as something else.
 * @param now by the gateway's clock, ms @param silent ms after which a display that was not heard of is silent
 */
export function stateOf(
  { seen, painted, health, withdrawn }: DisplayItem,
  now: number,
  { silent }: Pick<DisplayList, "silent">,
): DisplayState {
  if (withdrawn !== null) return "withdrawn";
  if (seen === null) return "waiting";
  if (now - seen >= silent) return "silent";
  // A page that has only just begun need not have drawn.
  const still = painted === null ? (health?.up ?? Infinity) * 1_000 : seen - painted;
  if (still >= STILL) return "dark";
  return health?.connected ? "live" : "cut";
}

/** Whether a display runs other pages than those that are served now; while pages are being written there is no telling. */
export function isBehind({ version }: Pick<DisplayItem, "version">, { build }: Pick<DisplayList, "build">): boolean {
  return version !== "" && build !== "dev" && version !== build;
}
