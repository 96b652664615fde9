/** The gateway process: environment in, server listening. */
import { Lifecycle } from "./lifecycle";
import type { ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import { setFlagsFromString } from "node:v8";
import { LIMITS } from "../lib/contract/api/limits";
import { RemoteControl } from "../lib/control/remote";
import { closeToOthers, keepToOwner } from "./data-folder";
import {
  absolute,
  ConfigurationError,
  isClosed,
  readEnvironment,
  tlsFiles,
  unknownNames,
  withoutSecrets,
  type Environment,
} from "./environment";
import { forkProgram } from "./processes";
import { ROOT } from "./programs.mjs";
import { storeAhead } from "./store-ahead";

// What nobody needs any more is collected once it is a quarter of what is needed, and not as late as V8 would on a machine
// with much memory. A name that a later V8 does not know is passed over.
setFlagsFromString("--heap-growing-percent=25");

const MEGABYTE = 1_000_000;
const life = new Lifecycle({ name: "gateway", limit: 35_000 });

/** The store of the past, in a process of its own. @throws Error where history.json is wrong or cannot be read */
async function history(environment: Environment) {
  if (!environment.CITYWALL_HISTORY) return undefined;
  const { loadHistoryConfig } = await import("../lib/history/config");
  const config = await loadHistoryConfig(environment.CITYWALL_CITIES);
  let store: ChildProcess | null = null;
  life.onCut(() => void store?.kill("SIGKILL"));
  const env = { ...absolute(process.env), CITYWALL_HISTORY_CONFIG: JSON.stringify(config) };
  const fork = (args: string[]): ChildProcess =>
    (store = forkProgram("historian", env, { serialization: "advanced", args }));
  return { config, launch: storeAhead(fork) };
}

/** Who may do what, in a process of its own. */
function control(): RemoteControl {
  let process_: ChildProcess | null = null;
  life.onCut(() => void process_?.kill("SIGKILL"));
  return new RemoteControl(
    () => (process_ = forkProgram("control", absolute(process.env), { serialization: "advanced" })),
  );
}

/** A process that makes one file; it may have so much memory and no more, and needs no secret. */
const exporter = (): ChildProcess =>
  forkProgram("exporter", withoutSecrets(process.env), {
    serialization: "advanced",
    stdio: ["ignore", "pipe", "inherit", "ipc"],
    execArgv: [`--max-old-space-size=${LIMITS.exports.megabytes}`],
  });

async function open(environment: Environment) {
  keepToOwner();
  await closeToOthers(environment.CITYWALL_DATA);
  // First: the store loads its code while the gateway does.
  const kept = await history(environment);
  const [{ openGateway }, { checkTile }, { screenTopics }] = await Promise.all([
    import("../lib/gateway/server"),
    import("../components/widgets/check-tile"),
    import("../components/widgets/screen-topics"),
  ]);
  const { ownTokens } = await import("../lib/gateway/tokens");
  return openGateway({
    ...(kept ? { history: kept, exporter } : {}),
    host: environment.HOST,
    port: environment.PORT,
    data: environment.CITYWALL_DATA,
    cities: environment.CITYWALL_CITIES,
    pagesPort: environment.CITYWALL_PAGES_PORT ?? null,
    // Under development Next makes each file when it is asked for; an older build's would be in its way.
    ...(environment.CITYWALL_DEV ? { dev: true } : { files: ROOT }),
    hosts: environment.CITYWALL_HOSTS,
    tls: tlsFiles(environment),
    trustedProxies: environment.CITYWALL_TRUSTED_PROXIES,
    closed: isClosed(environment),
    build: await readFile(".next/BUILD_ID", "utf8").catch(() => "dev"),
    rate: environment.CITYWALL_RATE,
    addressRate: environment.CITYWALL_ADDRESS_RATE,
    ...(environment.CITYWALL_PAGES_KEY ? { pagesKey: environment.CITYWALL_PAGES_KEY } : {}),
    space: {
      warn: environment.CITYWALL_DISK_WARN * MEGABYTE,
      refuse: environment.CITYWALL_DISK_REFUSE * MEGABYTE,
      reserve: environment.CITYWALL_DISK_RESERVE * MEGABYTE,
    },
    checkTile,
    screenTopics,
    control: control(),
    ownTokens: ownTokens(environment.CITYWALL_FEED_HASHES ?? {}),
  });
}

/** What the gateway itself goes by: the issuer of identities is asked by the process of the control data, with a secret that is its own. */
function ownVariables(): NodeJS.ProcessEnv {
  const { CITYWALL_OIDC_CLIENT_SECRET: _secret, CITYWALL_OIDC_CLIENT_SECRET_FILE: _file, ...own } = process.env;
  return own;
}

await life.run(async () => {
  const environment = readEnvironment(ownVariables());
  // Where there is a start command, it says so once for all.
  if (!process.send) for (const line of unknownNames(process.env)) console.error(`citywall: ${line}`);
  const opening = open(environment).catch((error: Error) => {
    throw new ConfigurationError(error.message, { cause: error });
  });
  // Also when it has to end before it stands.
  life.onEnd(() => opening.then((gateway) => gateway.close()).catch(() => {}));
  const gateway = await opening;
  process.send?.({ ready: gateway.port });
});
