import type { Command } from "commander";
import { acknowledgeAll, noticesIn, textOf } from "../../lib/files/notices";
import { dataFolder } from "../arguments";
import { record } from "../audited";

export function addNotices(program: Command): void {
  program
    .command("notices")
    .description("faults of what is kept: files that could not be read, and what was lost with them")
    .option("--all", "those too that were acknowledged", false)
    .option("--acknowledge", "note that all of them have been seen: walls tell of them no more", false)
    .action(async ({ all, acknowledge }: { all: boolean; acknowledge: boolean }) => {
      const data = dataFolder();
      for (const notice of noticesIn(data, all)) console.log(`${new Date(notice.at).toISOString()} ${textOf(notice)}`);
      if (!acknowledge) return;
      await record({
        action: "notice.acknowledge",
        object: "all notices",
        detail: { count: noticesIn(data, false).length },
      });
      console.log(`${acknowledgeAll(data)} acknowledged`);
    });
}
