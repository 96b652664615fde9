/**
 * The environment of every process, in one schema: the variables of README's table, and what processes hand to each
 * other. A value that is not valid is refused by its name at start; an empty one stands for one that is not set.
 */
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import path from "node:path";
import { z } from "zod";
import { LIMITS } from "../lib/contract/api/limits";
import { isIssuerAddress } from "../lib/control/oidc/address";
import type { OidcSettings } from "../lib/control/oidc/issuer";
import { isLoopback } from "../lib/gateway/address";
import type { CertificateFiles } from "../lib/gateway/certificate";
import { isNetwork } from "../lib/gateway/visitor";

/** A configuration that starting again would not mend; a process that throws it ends with EX_CONFIG. */
export class ConfigurationError extends Error {}

export { EX_CONFIG } from "../lib/processes/supervise";

/** Variables whose value may be in a file that `<name>_FILE` names, and is never printed. */
export const SECRETS = [
  "DATABASE_URL",
  "CITYWALL_TOKEN",
  "CITYWALL_MONITOR_TOKEN",
  "CITYWALL_TOKENS",
  "CITYWALL_PAGES_KEY",
  "CITYWALL_OIDC_CLIENT_SECRET",
] as const;

/** Names that tests and benches read; they mean nothing to the processes here. */
const TOOLS = [
  "CITYWALL_CHROMIUM",
  "CITYWALL_KILLS",
  "CITYWALL_MODEL_CLOCK",
  "CITYWALL_SHOTS",
  "CITYWALL_TEST_POSTGRES",
  "CITYWALL_TEST_TIMESCALE",
  "CITYWALL_TORTURE_CLOCK",
];

function number(what: string, fits: (value: number) => boolean) {
  return z
    .string()
    .refine((text) => text.trim() !== "" && Number.isFinite(Number(text)) && fits(Number(text)), `must be ${what}`)
    .transform(Number);
}

function url(what: string, protocols: string[]) {
  return z
    .string()
    .refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), `must be ${what}`);
}

const text = z.string();
const folder = text.transform((name) => path.resolve(name));
const file = folder;
const flag = z.enum(["0", "1"], { error: "must be 0 or 1" }).transform((value) => value === "1");
const port = number("a port, 0 to 65535", (value) => Number.isInteger(value) && value >= 0 && value <= 65_535);
const host = text.refine(
  (name) => isIP(name) > 0 || /^(?!.*\.\.)[a-z\d]([a-z\d.-]*[a-z\d])?$/i.test(name),
  "must be an address or the name of a machine, without a port",
);
/** of 1,000,000 bytes */
const megabytes = number("a number of megabytes, 0 or more", (size) => size >= 0);
const networks = text
  .transform((list) => list.split(",").map((network) => network.trim()))
  .pipe(
    z.array(
      z.string().refine(isNetwork, "must be addresses and networks such as 10.0.0.0/8, with commas between them"),
    ),
  );
const hosts = text.transform((list) => list.split(",").map((name) => name.trim())).pipe(z.array(host));
const webUrl = url("an address such as http://127.0.0.1:3000", ["http:", "https:"]);
const places = text
  .transform((list) => list.split(",").map((name) => name.trim()))
  .pipe(z.array(z.string().regex(/^[a-z][a-z\d-]*$/, "must be ids of places, with commas between them")));
const tokens = text
  .refine(
    (json) => z.record(z.string(), z.string()).safeParse(parsedJson(json)).success,
    "must be JSON: tokens by feed",
  )
  .transform((json) => JSON.parse(json) as Record<string, string>);

const schema = z.object({
  PORT: port.default(3000),
  HOST: host.default("127.0.0.1"),
  CITYWALL_OPEN: z
    .never({
      error:
        "is no setting any more: whoever comes from another machine signs in; a screen is opened to everybody by itself, " +
        "on the page /people",
    })
    .optional(),
  CITYWALL_SIGN_IN: flag.default(false),
  CITYWALL_HOSTS: hosts.default([]),
  CITYWALL_TLS_CERT: file.optional(),
  CITYWALL_TLS_KEY: file.optional(),
  CITYWALL_TRUSTED_PROXIES: networks.default([]),
  CITYWALL_OIDC_ISSUER: text
    .refine(isIssuerAddress, "must be an address that begins with https://, or with http:// on this machine alone")
    .optional(),
  CITYWALL_OIDC_CLIENT_ID: text.optional(),
  CITYWALL_OIDC_CLIENT_SECRET: text.optional(),
  CITYWALL_OIDC_SCOPE: text
    .refine((list) => list.split(" ").includes("openid"), "must be words with spaces between them, openid among them")
    .default("openid profile"),
  CITYWALL_OIDC_TITLE: text.max(40, "must have at most 40 characters").optional(),
  CITYWALL_DATA: folder.default(() => path.resolve("data")),
  CITYWALL_CITIES: folder.default(() => path.resolve("cities")),
  DATABASE_URL: url("the address of a PostgreSQL server, postgres://…", ["postgres:", "postgresql:"]).optional(),
  CITYWALL_HISTORY: flag.default(true),
  /** gateway to store: history.json as the gateway read it, so that both go by the same */
  CITYWALL_HISTORY_CONFIG: text.optional(),
  CITYWALL_SEED_DAYS: number("a number of days, 0 to 3660", (days) => days >= 0 && days <= 3_660).default(7),
  CITYWALL_DISK_WARN: megabytes.default(1_000),
  CITYWALL_DISK_REFUSE: megabytes.default(128),
  CITYWALL_DISK_RESERVE: megabytes.default(32),
  CITYWALL_AUDIT_DAYS: number("a number of days, 183 or more", (days) => days >= 183).default(366),
  CITYWALL_RATE: number("a number above 0", (rate) => rate > 0).default(100),
  CITYWALL_ADDRESS_RATE: number("a number above 0", (rate) => rate > 0).default(LIMITS.addresses.rate),
  CITYWALL_MOCKS: flag.default(true),
  CITYWALL_MOCK_CITIES: places.optional(),
  CITYWALL_MOCK_SPEED: number("a number above 0", (speed) => speed > 0).default(1),
  CITYWALL_MOCK_SEED: number("a whole number", Number.isInteger).default(1),
  CITYWALL_MOCK_PAST: flag.default(true),
  CITYWALL_MOCK_SWITCHES: folder.optional(),
  /** a publisher's token, for the commands that publish */
  CITYWALL_TOKEN: text.optional(),
  /** a monitor's token, for the command that looks whether all is well */
  CITYWALL_MONITOR_TOKEN: text.optional(),
  /** start to mock feeds: where they publish, and their tokens by feed */
  CITYWALL_URL: webUrl.optional(),
  CITYWALL_TOKENS: tokens.optional(),
  /** start to gateway: SHA-256 of the mock feeds' tokens, by feed */
  CITYWALL_FEED_HASHES: tokens.optional(),
  /** start to gateway: Next's port on loopback */
  CITYWALL_PAGES_PORT: port.optional(),
  /** start to gateway and pages: what the pages' process says to the gateway, so that it is not counted as a visitor */
  CITYWALL_PAGES_KEY: text.optional(),
  /** start to gateway: pages are rebuilt as files change */
  CITYWALL_DEV: flag.default(false),
  /** start to pages: the gateway on loopback */
  CITYWALL_GATEWAY: webUrl.optional(),
  /** start to pages: the folder whose public/ the gateway serves; the pages' process runs in one of its own */
  CITYWALL_FILES: folder.optional(),
});

/** Names and values, as `process.env` has them. */
export type Variables = NodeJS.Dict<string>;
export type Environment = z.infer<typeof schema>;

function parsedJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** The variables that are set, with secrets read from their files. @throws ConfigurationError that names the variable */
function given(env: Variables): Record<string, string> {
  const set = Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1])));
  for (const name of SECRETS) {
    const file = set[`${name}_FILE`];
    if (file === undefined) continue;
    if (set[name] !== undefined)
      throw new ConfigurationError(`${name}_FILE: ${name} is set as well; only one of them can hold`);
    try {
      set[name] = readFileSync(file, "utf8").trim();
    } catch (error) {
      throw new ConfigurationError(`${name}_FILE: cannot be read: ${(error as Error).message}`);
    }
    if (set[name] === "") throw new ConfigurationError(`${name}_FILE: ${file} is empty`);
  }
  return set;
}

/** Reads and checks the environment. @throws ConfigurationError that names every variable that is not valid */
export function readEnvironment(env: Variables): Environment {
  const set = given(env);
  const read = schema.safeParse(set);
  if (read.success) return together(read.data);
  const faults = read.error.issues.map(({ path: [name], message }) => {
    const secret = (SECRETS as readonly unknown[]).includes(name);
    return `${String(name)}: ${message}${secret ? "" : `, is "${set[String(name)]}"`}`;
  });
  throw new ConfigurationError([...new Set(faults)].join("; "));
}

/** Variables of which neither is of use without the other. */
const PAIRS = [
  ["CITYWALL_TLS_CERT", "CITYWALL_TLS_KEY"],
  ["CITYWALL_OIDC_ISSUER", "CITYWALL_OIDC_CLIENT_ID"],
] as const;

/** Values that are in order alone. @throws ConfigurationError where one asks for another */
function together(read: Environment): Environment {
  for (const [one, other] of PAIRS) {
    if ((read[one] === undefined) === (read[other] === undefined)) continue;
    const [set, missing] = read[one] === undefined ? [other, one] : [one, other];
    throw new ConfigurationError(`${missing}: is missing; ${set} is of no use without it`);
  }
  return read;
}

/** The site's own issuer of identities, where there is one. */
export function oidcSettings(environment: Environment): OidcSettings | undefined {
  const { CITYWALL_OIDC_ISSUER: issuer, CITYWALL_OIDC_CLIENT_ID: clientId } = environment;
  if (issuer === undefined || clientId === undefined) return undefined;
  const { CITYWALL_OIDC_SCOPE: scope, CITYWALL_OIDC_TITLE, CITYWALL_OIDC_CLIENT_SECRET: clientSecret } = environment;
  return { issuer, clientId, clientSecret, scope, title: CITYWALL_OIDC_TITLE ?? new URL(issuer).host };
}

/**
 * Whether everybody has to sign in: wherever other machines can reach the gateway, by its address, by a proxy before it, or by a name that
 * is another's than this machine's for itself.
 */
export function isClosed(environment: Environment): boolean {
  const { HOST, CITYWALL_SIGN_IN, CITYWALL_TRUSTED_PROXIES: proxies, CITYWALL_HOSTS: names } = environment;
  return CITYWALL_SIGN_IN || proxies.length > 0 || ![HOST, ...names].every(isLoopback);
}

/** The certificate's files, where TLS is to be spoken. */
export function tlsFiles({
  CITYWALL_TLS_CERT: cert,
  CITYWALL_TLS_KEY: key,
}: Environment): CertificateFiles | undefined {
  return cert === undefined || key === undefined ? undefined : { cert, key };
}

/** Variables that name a file or folder. */
const PATHS = [
  "CITYWALL_DATA",
  "CITYWALL_CITIES",
  "CITYWALL_MOCK_SWITCHES",
  "CITYWALL_TLS_CERT",
  "CITYWALL_TLS_KEY",
  ...SECRETS.map((name) => `${name}_FILE`),
];

/** The variables for a process that runs in another folder: with absolute names of files and folders. */
export function absolute(env: Variables): Variables {
  const named = PATHS.flatMap((name) => (env[name] ? [[name, path.resolve(env[name])]] : []));
  return { ...env, ...Object.fromEntries(named) };
}

/** An environment for processes that need no secret: without any of them and their files. */
export function withoutSecrets(env: Variables): Variables {
  const hidden = new Set<string>(SECRETS.flatMap((name) => [name, `${name}_FILE`]));
  return Object.fromEntries(Object.entries(env).filter(([name]) => !hidden.has(name)));
}

const OURS = "CITYWALL_";

/** What to say of names that begin with CITYWALL_ and mean nothing: most often a slip of the pen. */
export function unknownNames(env: Variables): string[] {
  const known = [...Object.keys(schema.shape), ...SECRETS.map((name) => `${name}_FILE`), ...TOOLS];
  return Object.keys(env)
    .filter((name) => name.startsWith(OURS) && !known.includes(name))
    .map((name) => {
      const [nearest] = known
        .map((other) => ({ other, far: distance(name, other) }))
        .sort((a, b) => a.far - b.far || (a.other < b.other ? -1 : 1));
      // More than a third of their own letters apart, the names have nothing to do with each other.
      const guess = nearest && nearest.far <= (name.length - OURS.length) / 3 ? `; did you mean ${nearest.other}?` : "";
      return `${name}: is not known${guess}`;
    });
}

/** Levenshtein's distance of two names: letters to add, leave out or exchange. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= b.length; j++) {
      const exchanged = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(exchanged, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
  }
  return row[b.length] ?? 0;
}
