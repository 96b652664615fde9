import type { Command } from "commander";
import { ROOT } from "../../server/programs.mjs";

export function addSbom(program: Command): void {
  program
    .command("sbom")
    .description("print the bill of materials of what runs at a site, as CycloneDX 1.6")
    .action(async () => {
      const [{ shippedFrom }, { cyclonedx }] = await Promise.all([
        import("../sbom/shipped"),
        import("../sbom/cyclonedx"),
      ]);
      console.log(JSON.stringify(cyclonedx(shippedFrom(ROOT)), null, 2));
    });
}
