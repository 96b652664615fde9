import type { Command } from "commander";
import { dataFolder } from "../arguments";

export function addDrill(program: Command): void {
  program
    .command("drill")
    .description(
      "play a drill of the mock feeds, such as school enrolment's opening second in Zhengzhou; " +
        "begins five minutes later",
    )
    .argument("[system]", "city/system", "zhengzhou/enrolment")
    .option("--stop", "end it", false)
    .action(async (system: string, { stop }: { stop: boolean }) =>
      (await import("../drill")).drill(dataFolder(), system, stop),
    );
}
