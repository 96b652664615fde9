import path from "node:path";
import { parseRfc3339 } from "../lib/contract/readings";
import { localUrl } from "../server/gateway-url";
import { ConfigurationError, EX_CONFIG, readEnvironment, type Environment } from "../server/environment";

/** EX_USAGE of sysexits.h */
const EX_USAGE = 64;

/** The environment, read by the command that needs it. A value that is not valid ends the command by its name. */
export function environment(): Environment {
  try {
    return readEnvironment(process.env);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    console.error(`citywall: ${error.message}`);
    process.exit(EX_CONFIG);
  }
}

/** The folder of what is kept. */
export function dataFolder(): string {
  return environment().CITYWALL_DATA;
}

/** The folder of cities as given, for messages: relative to where the command runs. */
export function citiesFolder(): string {
  const folder = environment().CITYWALL_CITIES;
  const short = path.relative(process.cwd(), folder);
  return short === "" || short.startsWith("..") ? folder : short;
}

/** The address of the gateway on this machine. */
export function localGateway(): string {
  const set = environment();
  return localUrl(set, set.PORT);
}

/** The publisher's token: as an option, or from the environment. */
export function publisherToken(given: string | undefined): string {
  return given ?? environment().CITYWALL_TOKEN ?? fail("--token: is missing; CITYWALL_TOKEN can hold it as well");
}

/** A text in both languages; the English one stands for the Chinese where that is left out. */
export function bothLanguages(en: string | undefined, zh: string | undefined): { zh: string; en: string } | undefined {
  return en === undefined ? undefined : { zh: zh ?? en, en };
}

/** A number that may be any. Ends the command where `field` holds none. */
export function number(text: string, field: string): number {
  const value = text.trim() === "" ? NaN : Number(text);
  return Number.isFinite(value) ? value : fail(`${field}: must be a number, is "${text}"`);
}

/** A number above 0. Ends the command where `field` holds none. */
export function positive(text: string, field: string): number {
  const value = Number(text);
  return value > 0 ? value : fail(`${field}: must be a number above 0, is "${text}"`);
}

/** A time in ms since 1970. Ends the command where `field` is not RFC 3339 with a zone. */
export function time(text: string, field: string): number {
  const at = parseRfc3339(text);
  return Number.isFinite(at)
    ? at
    : fail(`${field}: "${text}" is not an RFC 3339 time with a zone, such as 2026-11-22T08:00:00+08:00`);
}

/** Ends the command: it was not asked as it can be. */
export function fail(message: string): never {
  console.error(`citywall: ${message}`);
  process.exit(EX_USAGE);
}

/** Says what was done to a city's files, or ends the command with the reason why it was not. */
export async function tellDone(done: Promise<string>): Promise<void> {
  const { CityError } = await import("../generator/outlines-file");
  try {
    console.log(`✓ ${await done}`);
  } catch (error) {
    if (error instanceof CityError) fail(error.message);
    throw error;
  }
}
