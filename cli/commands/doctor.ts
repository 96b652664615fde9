import type { Command } from "commander";

export function addDoctor(program: Command): void {
  program
    .command("doctor")
    .description("what is unsafe or unhealthy here, and what mends it; run it with the environment that Citywall has")
    .option("--json", "as JSON, for programs", false)
    .action(async ({ json }: { json: boolean }) => {
      const [{ examine }, { linesOf, statusOf }] = await Promise.all([
        import("../doctor/doctor"),
        import("../doctor/finding"),
      ]);
      const findings = await examine(process.env);
      const status = statusOf(findings);
      console.log(json ? JSON.stringify({ status, findings }, null, 2) : linesOf(findings).join("\n"));
      process.exitCode = status;
    });
}
