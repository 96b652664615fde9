import { PLAIN_TEXT } from "../../contract/plain-text";
import { changing, type By, type Control } from "../context";
import { ControlRefusal } from "../refusal";

interface Asked {
  by: By;
  city: string;
  screen: string;
}

export const openScreenMethods = {
  /** Screens that anybody may look at, and who said so. */
  async openScreensTold(
    { db }: Control,
    _nothing: object,
  ): Promise<{ city: string; screen: string; made: number; madeBy: string }[]> {
    const rows = await db.selectFrom("open_screen").selectAll().orderBy("city").orderBy("screen").execute();
    return rows.map(({ city, screen, made, made_by: madeBy }) => ({ city, screen, made, madeBy }));
  },
  /** Lets anybody look at a screen; one that is open stays as it is. */
  openScreen: (control: Control, { by, city, screen }: Asked): Promise<void> =>
    changing(control, async ({ step, at, audit }) => {
      const row = await step
        .selectFrom("open_screen")
        .select("made")
        .where("city", "=", city)
        .where("screen", "=", screen)
        .executeTakeFirst();
      if (row) return;
      await audit(by, { action: "screen.open", object: `screen ${city}/${screen}` });
      await step.insertInto("open_screen").values({ city, screen, made: at, made_by: by.who }).execute();
    }),
  /** Asks for sign-in at a screen again. @throws ControlRefusal `unknown` */
  closeScreen: (control: Control, { by, city, screen }: Asked): Promise<void> =>
    changing(control, async ({ step, audit }) => {
      const unknown = new ControlRefusal("unknown", `${city}/${screen} is not open`, "screen");
      if (!PLAIN_TEXT.test(city) || !PLAIN_TEXT.test(screen)) throw unknown;
      const gone = await step
        .deleteFrom("open_screen")
        .where("city", "=", city)
        .where("screen", "=", screen)
        .executeTakeFirst();
      if (Number(gone.numDeletedRows) === 0) throw unknown;
      await audit(by, { action: "screen.close", object: `screen ${city}/${screen}` });
    }),
};
