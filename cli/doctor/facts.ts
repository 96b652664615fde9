/** What a look at an installation finds, whether or not its gateway runs. Nothing is changed by it. */
import { spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { isIP } from "node:net";
import path from "node:path";
import { checkCities, type CheckReport } from "../../generator/city-check";
import { now as clockNow } from "../../lib/clock";
import { letGoOf, noteOf, takeFile } from "../../lib/files/lock";
import { noticesIn, type Notice } from "../../lib/files/notices";
import { freeBytes } from "../../lib/files/space";
import { loadCertificate } from "../../lib/gateway/certificate";
import { dataLock } from "../../lib/gateway/data-folder";
import { oldTokensFault } from "../../lib/control/old-tokens";
import { loadHistoryConfig } from "../../lib/history/config";
import { asideCount } from "../../lib/history/writer/aside";
import { bytesBeyond, journalFolder } from "../../lib/history/writer/journal";
import { SECRETS, tlsFiles, type Environment, type Variables } from "../../server/environment";
import { canBuild, isBuilt } from "../../server/freshness.mjs";
import { localUrl } from "../../server/gateway-url";
import { lastBackup } from "../backup/names";

/** What the gateway says of itself; silent: one holds the data folder and does not answer. */
export type GatewayFacts =
  | { kind: "running"; url: string; reason: string | null; parts: Record<string, string>; figures: Figures }
  | { kind: "silent"; url: string; holder: string }
  | { kind: "stopped"; url: string };

/** What it counts about itself. unasked: everybody signs in, and there is no token to read it with; refused: the token does not hold */
export type Figures = { clockSteps: number } | "unasked" | "refused" | "unread";

export interface DataFacts {
  /** what other users of the machine may read or write, as names within the folder; "." is the folder itself */
  open: string[];
  /** ms, the time of the file that was changed last */
  newest: number;
  tokensFault: string | null;
  /** bytes; null where the system does not tell */
  free: number | null;
  notices: Notice[];
  /** items that the store refused */
  aside: number;
  /** bytes of the journal */
  journal: number;
  /** of which moment the last backup is, ms; null where there is none */
  backup: number | null;
}

export interface TlsFacts {
  fault: string | null;
  /** ms */
  until: number;
  /** the key's permissions */
  keyMode: number;
  /** names of CITYWALL_HOSTS that the certificate is not for */
  unnamed: string[];
}

export interface Facts {
  /** ms */
  now: number;
  /** version of Node */
  node: string;
  environment: Environment;
  variables: Variables;
  gateway: GatewayFacts;
  /** null where the folder is not there yet; an Error where it cannot be read */
  data: DataFacts | Error | null;
  /** null where no TLS is spoken */
  tls: TlsFacts | null;
  /** files that secrets are in, with their permissions */
  secrets: { setting: string; file: string; mode: number }[];
  cities: CheckReport;
  /** bytes that the journal may have */
  spill: number | null;
  isBuilt: boolean;
  /** whether the machine's clock follows others; null where nobody tells */
  synchronised: boolean | null;
}

const OTHERS = 0o077;
const MEGABYTE = 1_000_000;
/** ms that the gateway has to answer. */
const PATIENCE = 5_000;

async function ask(url: string, headers: Record<string, string> = {}): Promise<Response | null> {
  return fetch(url, { headers, signal: AbortSignal.timeout(PATIENCE) }).catch(() => null);
}

/** Reads what a gateway counts about itself, with the token that is there for it. */
async function figuresOf(url: string, token: string | undefined): Promise<Figures> {
  const answer = await ask(`${url}/metrics`, token === undefined ? {} : { authorization: `Bearer ${token}` });
  if (answer?.status === 401) return token === undefined ? "unasked" : "refused";
  const text = answer?.ok ? await answer.text().catch(() => null) : null;
  return text === null ? "unread" : { clockSteps: Number(/^citywall_clock_steps (\d+)/m.exec(text)?.[1] ?? 0) };
}

/** The process that holds a data folder, or null. */
function holderOf(data: string): string | null {
  const lock = dataLock(data);
  if (!statSync(lock, { throwIfNoEntry: false })) return null;
  try {
    if (!takeFile(lock, noteOf(lock))) return noteOf(lock) || "unknown";
    letGoOf(lock);
  } catch {
    // Where it cannot be known, the folder's own finding says why.
  }
  return null;
}

async function lookAtGateway(environment: Environment): Promise<GatewayFacts> {
  const { HOST, PORT, CITYWALL_DATA, CITYWALL_MONITOR_TOKEN } = environment;
  const url = localUrl({ HOST }, PORT);
  const answer = await ask(`${url}/readyz`);
  const said = (await answer?.json().catch(() => null)) as { reason?: string; parts?: Record<string, string> } | null;
  if (said?.parts) {
    const figures = await figuresOf(url, CITYWALL_MONITOR_TOKEN);
    return { kind: "running", url, reason: said.reason ?? null, parts: said.parts, figures };
  }
  const holder = holderOf(CITYWALL_DATA);
  return holder === null ? { kind: "stopped", url } : { kind: "silent", url, holder };
}

async function lookAtData(folder: string): Promise<DataFacts | null> {
  const own = statSync(folder, { throwIfNoEntry: false });
  if (!own) return null;
  const inside = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const known = [".", ...inside].flatMap((name) => {
    // What works in the folder meanwhile may have taken it away.
    const info = statSync(path.join(folder, name), { throwIfNoEntry: false });
    return info ? [{ name, mode: info.mode, changed: info.mtimeMs }] : [];
  });
  return {
    open: known.filter(({ mode }) => (mode & OTHERS) !== 0).map(({ name }) => name),
    newest: Math.max(...known.map(({ changed }) => changed)),
    tokensFault: await oldTokensFault(folder),
    free: freeBytes(folder),
    notices: noticesIn(folder),
    aside: asideCount(folder),
    journal: bytesBeyond(journalFolder(folder), { segment: 0, offset: 0 }),
    backup: await lastBackup(folder),
  };
}

function lookAtTls(environment: Environment): TlsFacts | null {
  const files = tlsFiles(environment);
  if (!files) return null;
  const keyMode = statSync(files.key, { throwIfNoEntry: false })?.mode ?? 0;
  try {
    const { cert, until } = loadCertificate(files);
    const certificate = new X509Certificate(cert);
    const isFor = (host: string): boolean =>
      (isIP(host) > 0 ? certificate.checkIP(host) : certificate.checkHost(host)) !== undefined;
    return { fault: null, until, keyMode, unnamed: environment.CITYWALL_HOSTS.filter((host) => !isFor(host)) };
  } catch (error) {
    return { fault: (error as Error).message, until: 0, keyMode, unnamed: [] };
  }
}

/** What systemd says of it. */
function synchronised(): boolean | null {
  const { status, stdout } = spawnSync("timedatectl", ["show", "--property=NTPSynchronized", "--value"], {
    encoding: "utf8",
    timeout: PATIENCE,
  });
  if (status !== 0) return null;
  return { yes: true, no: false }[stdout.trim()] ?? null;
}

/** @param variables as `environment` was read from */
export async function lookAround(environment: Environment, variables: Variables): Promise<Facts> {
  const { CITYWALL_DATA, CITYWALL_CITIES } = environment;
  const secrets = SECRETS.flatMap((name) => {
    const file = variables[`${name}_FILE`];
    return file ? [{ setting: `${name}_FILE`, file, mode: statSync(file, { throwIfNoEntry: false })?.mode ?? 0 }] : [];
  });
  const [gateway, data, cities, config] = await Promise.all([
    lookAtGateway(environment),
    lookAtData(CITYWALL_DATA).catch((error: Error) => error),
    checkCities(CITYWALL_CITIES).catch((error: Error) => ({ good: [], warnings: [], issues: [error.message] })),
    loadHistoryConfig(CITYWALL_CITIES).catch(() => null),
  ]);
  return {
    now: clockNow(),
    node: process.versions.node,
    environment,
    variables,
    gateway,
    data,
    tls: lookAtTls(environment),
    secrets,
    cities,
    spill: config && config.spill.megabytes * MEGABYTE,
    isBuilt: canBuild() || isBuilt("pages"),
    synchronised: synchronised(),
  };
}
