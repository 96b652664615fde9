import { Option, type Command } from "commander";
import { ROLES, type Role } from "../../lib/contract/rights";
import { asked, by, collect, scopesOf, type WhereOptions } from "./admin";

interface MapOptions extends WhereOptions {
  claim: string;
  value: string;
  role: Role;
}

export function addOidc(program: Command): void {
  const oidc = program.command("oidc").description("sign-in by the site's own issuer: which claims give which role");
  oidc
    .command("list", { isDefault: true })
    .description("mappings, by claim and value")
    .option("--json", "as JSON, a mapping a line", false)
    .action(list);
  oidc
    .command("map")
    .description("let a claim give a role from the next sign-in on")
    .requiredOption("--claim <name>", "name of the claim, such as groups; one within another as realm_access.roles")
    .requiredOption("--value <value>", "what it is, or has among its values")
    .addOption(new Option("--role <role>", "what whoever has it may do").choices(ROLES).makeOptionMandatory())
    .option("--city <city>", "in this city alone")
    .option("--district <code>", "in this place of the city alone; may be given again", collect, [])
    .action(map);
  oidc
    .command("unmap <id>")
    .description("take a mapping away; whoever came by the issuer has to sign in again")
    .action(unmap);
}

async function list({ json }: { json: boolean }): Promise<void> {
  const mappings = await asked((control) => control.call("roleMappings", {}));
  for (const { id, claim, value, role, scopes } of mappings) {
    const where = scopes.map(({ city, districts }) => (districts === "*" ? city : `${city}/${districts.join(",")}`));
    console.log(
      json
        ? JSON.stringify({ id, claim, value, role, scopes })
        : `${id}  ${claim}=${value}  ${role}  ${where.join(" ")}`,
    );
  }
}

async function map({ claim, value, role, ...where }: MapOptions): Promise<void> {
  const mapping = { claim, value, role, scopes: await scopesOf(where) };
  const { id } = await asked((control) => control.call("addRoleMapping", { by: by(), mapping }));
  console.log(`✓ ${id}: ${claim}=${value} gives ${role}`);
}

async function unmap(id: string): Promise<void> {
  await asked((control) => control.call("removeRoleMapping", { by: by(), id }));
  console.log(`✓ ${id} is gone; whoever came by the issuer has to sign in again`);
}
