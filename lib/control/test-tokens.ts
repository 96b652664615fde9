import { now } from "../clock";
import { tokenMethods, type TokenWish } from "./methods/tokens";
import { openControl, type ControlPlace } from "./open";

/** Makes a publisher's token in the control data of a data folder, as the command does; returns its secret. */
export async function madeToken(
  place: ControlPlace,
  { city, feed = "*", ...more }: Pick<TokenWish, "city"> & Partial<TokenWish>,
): Promise<string> {
  const db = await openControl(place);
  try {
    const wish = { city, feed, backfill: false, expires: null, addresses: null, note: "", ...more };
    return (await tokenMethods.tokenCreate({ db, now }, { ...wish, by: { who: "test", address: "" } })).secret;
  } finally {
    await db.destroy();
  }
}
