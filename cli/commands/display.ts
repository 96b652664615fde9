import type { Command } from "commander";
import { now } from "../../lib/clock";
import type { DisplayItem } from "../../lib/contract/api/displays";
import { fail } from "../arguments";
import { operator, withControl } from "../audited";

/** Ms after which a display that was not heard of is told as silent, as pages do. */
const SILENT = 90_000;

export function addDisplay(program: Command): void {
  const display = program.command("display").description("displays that were paired: what they show and how they do");
  display
    .command("list", { isDefault: true })
    .description("all displays, those that were withdrawn in the last month at the end")
    .option("--json", "one JSON object a line", false)
    .action(list);
  display
    .command("withdraw <display>")
    .description("withdraw a display by its name or id: it goes black within two seconds")
    .action(withdraw);
}

const all = (): Promise<DisplayItem[]> =>
  withControl(async (db) => {
    const { displayMethods } = await import("../../lib/control/methods/displays");
    return displayMethods.displays({ db, now }, {});
  });

/** How a display stands, in a word; whatever is not known to be well is told as something else. */
function stateOf({ seen, withdrawn }: DisplayItem): string {
  if (withdrawn !== null) return "withdrawn";
  if (seen === null) return "not come yet";
  return now() - seen < SILENT ? "heard" : "silent";
}

async function list({ json }: { json: boolean }): Promise<void> {
  for (const display of await all()) {
    const { id, title, city, screen, seen, address, version } = display;
    const told = [
      stateOf(display),
      title,
      `${city}/${screen}`,
      seen === null ? "" : new Date(seen).toISOString(),
      address,
      version,
      id,
    ];
    console.log(json ? JSON.stringify(display) : told.filter((part) => part !== "").join("  "));
  }
}

async function withdraw(named: string): Promise<void> {
  const found = (await all()).find(({ id, title, withdrawn }) => withdrawn === null && [id, title].includes(named));
  if (!found) fail(`display: there is no display "${named}"; npx citywall display list has all`);
  await withControl(async (db) => {
    const { displayMethods } = await import("../../lib/control/methods/displays");
    await displayMethods.displayWithdraw({ db, now }, { id: found.id, by: { who: operator(), address: "" } });
  });
  console.log(`✓ ${found.title} is withdrawn`);
}
