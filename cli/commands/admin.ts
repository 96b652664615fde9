import { Argument, Option, type Command } from "commander";
import { EVERYWHERE, ROLES, type Role, type Scope } from "../../lib/contract/rights";
import { DEMANDS, type Demand } from "../../lib/contract/sign-in-policy";
import type { PersonOut } from "../../lib/contract/api/accounts";
import type { ControlAsk } from "../../lib/control/remote";
import { ControlRefusal } from "../../lib/control/refusal";
import { citiesFolder, environment, fail } from "../arguments";
import { operator, withControlAsk } from "../audited";

/** Where rights are to hold. */
export interface WhereOptions {
  city?: string;
  district: string[];
}

interface InviteOptions extends WhereOptions {
  role: Role;
}

/** Who runs the command. */
export const by = () => ({ who: operator(), address: "" });

/** Who has a machine's shell and its files gives any right. */
const giver = () => ({ by: by(), scopes: EVERYWHERE });

export function addAdmin(program: Command): void {
  const admin = program.command("admin").description("accounts: who may sign in here, and what he may do");
  admin
    .command("invite")
    .description("print a link with which somebody makes an account; it works once")
    .addOption(new Option("--role <role>", "what the account may do").choices(ROLES).default("administrator"))
    .option("--city <city>", "in this city alone")
    .option("--district <code>", "in this place of the city alone; may be given again", collect, [])
    .action(invite);
  admin
    .command("list", { isDefault: true })
    .description("accounts, by name")
    .option("--json", "as JSON, an account a line", false)
    .action(list);
  admin
    .command("disable <name>")
    .description("let nobody sign in as this account any more, and sign it out everywhere")
    .action((name: string) => change(name, true));
  admin
    .command("enable <name>")
    .description("let this account sign in again")
    .action((name: string) => change(name, false));
  admin
    .command("reset <name>")
    .description(
      "print a link that sets the password of an account anew and takes its second factors away; it works once",
    )
    .action(reset);
  admin
    .command("second-factor")
    .description("whom a second factor is demanded of besides a local password; with a choice, demand it")
    .addArgument(new Argument("[whom]", "of everybody, of editors and administrators, or of nobody").choices(DEMANDS))
    .action(secondFactor);
}

export const collect = (code: string, before: string[]): string[] => [...before, code];

/** What is refused ends the command by its reason. */
export async function asked<T>(task: (control: ControlAsk) => Promise<T>): Promise<T> {
  try {
    return await withControlAsk(task);
  } catch (error) {
    if (error instanceof ControlRefusal) fail(error.field ? `${error.field}: ${error.message}` : error.message);
    throw error;
  }
}

async function personCalled(control: ControlAsk, name: string): Promise<PersonOut> {
  const people = await control.call("people", { scopes: EVERYWHERE });
  const wanted = name.normalize("NFKC").toLowerCase();
  return (
    people.find((one) => one.name === wanted) ??
    fail(`<name>: "${name}" is no account; there is ${people.map((one) => one.name).join(", ") || "none"}`)
  );
}

/** Where the rights are to hold. Ends the command where a city or place is not configured. */
export async function scopesOf({ city, district }: WhereOptions): Promise<Scope[]> {
  if (city === undefined)
    return district.length > 0 ? fail("--district: is of a city; --city is missing") : [...EVERYWHERE];
  const { Catalogue } = await import("../../lib/cities/catalogue");
  const { checkTile } = await import("../../components/widgets/check-tile");
  const { districtOf } = await import("../../lib/contract/city");
  const catalogue = new Catalogue(citiesFolder(), checkTile);
  await catalogue.look();
  const facts = catalogue.city(city)?.facts;
  if (!facts) {
    const known = catalogue.cities().map(({ id }) => id);
    fail(`--city: "${city}" is not configured; there is ${known.join(", ") || "none"}`);
  }
  const unknown = district.find((code) => !districtOf(facts, code));
  if (unknown !== undefined)
    fail(
      `--district: "${unknown}" is no place of ${city}; there is ${facts.districts.map((d) => d.adcode).join(", ")}`,
    );
  return [{ city, districts: district.length > 0 ? district : "*" }];
}

/** Prints a link, and until when it works. */
async function print({ secret, expires }: { secret: string; expires: number }): Promise<void> {
  const { linkUrl } = await import("../../server/gateway-url");
  const { certifiedNames } = await import("../../server/certified-names");
  const set = environment();
  console.log(`${linkUrl(set, set.PORT, certifiedNames(set))}/invite#${secret}`);
  console.error(`It works once, until ${new Date(expires).toISOString()}; whoever has it may use it.`);
}

async function invite(options: InviteOptions): Promise<void> {
  const given = await scopesOf(options);
  await print(await asked((control) => control.call("invite", { ...giver(), role: options.role, given })));
}

async function reset(name: string): Promise<void> {
  await print(
    await asked(async (control) => {
      const { id } = await personCalled(control, name);
      return control.call("resetPerson", { ...giver(), id });
    }),
  );
}

const told = (scopes: readonly { city: string; districts: "*" | readonly string[] }[]): string =>
  scopes.map(({ city, districts }) => (districts === "*" ? city : `${city}/${districts.join("+")}`)).join(" ");

async function list({ json }: { json: boolean }): Promise<void> {
  const people = await asked((control) => control.call("people", { scopes: EVERYWHERE }));
  for (const one of people) {
    const state = one.disabled ? "disabled" : `${one.sessions} signed in`;
    console.log(json ? JSON.stringify(one) : [one.name, one.role, told(one.scopes), state].join("  "));
  }
}

async function change(name: string, disabled: boolean): Promise<void> {
  const { name: changed } = await asked(async (control) => {
    const { id } = await personCalled(control, name);
    return control.call("changePerson", { ...giver(), id, change: { disabled } });
  });
  console.log(`${changed} ${disabled ? "is disabled, and signed out everywhere" : "may sign in again"}`);
}

async function secondFactor(whom?: Demand): Promise<void> {
  const { secondFactor: demanded } = await asked(async (control) => {
    if (whom) await control.call("setSignInPolicy", { by: by(), session: null, secondFactor: whom });
    return control.call("signInPolicy", {});
  });
  console.log(demanded);
}
