import { now } from "../clock";
import { tokenMethods, type TokenWish } from "./methods/tokens";
import { openControl, type ControlPlace } from "./open";

type PublishWish = Extract<TokenWish, { kind: "publish" }>;

/** Makes a publisher's token in the control data of a data folder, as the command does; returns its secret. */
export async function madeToken(
  place: ControlPlace,
  { city, feed = "*", ...more }: { city: string } & Partial<Omit<PublishWish, "kind">>,
): Promise<string> {
  const db = await openControl(place);
  try {
    const wish = { kind: "publish" as const, city, feed, backfill: false, expires: null, addresses: null, note: "" };
    return (await tokenMethods.tokenCreate({ db, now }, { ...wish, ...more, by: { who: "test", address: "" } })).secret;
  } finally {
    await db.destroy();
  }
}
