import type { Command } from "commander";
import { now } from "../../lib/clock";
import { dataFolder } from "../arguments";

export function addAside(program: Command): void {
  const aside = program
    .command("aside")
    .description("what the store refused: it is kept beside it, also while Citywall runs");
  aside
    .command("list", { isDefault: true })
    .description("each item with the reason, a JSON text a line")
    .action(async () => {
      const { asideItems } = await import("../../lib/history/writer/aside");
      for (const item of asideItems(dataFolder())) console.log(JSON.stringify(item));
    });
  aside
    .command("replay")
    .description("give all of it to the store again; what it still refuses is set aside once more")
    .action(async () => {
      const { replayAside } = await import("../../lib/history/writer/aside");
      const { given, unread } = replayAside(dataFolder(), now());
      console.log(`${given} item(s) given to the store again`);
      for (const file of unread) console.error(`data/aside/${file} cannot be read as a whole: it stays there`);
      if (unread.length > 0) process.exitCode = 1;
    });
}
