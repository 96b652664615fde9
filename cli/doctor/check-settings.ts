/** What settings make unsafe, or would keep Citywall from starting. */
import { isLoopback } from "../../lib/gateway/address";
import { endWords } from "../../lib/gateway/certificate";
import { isClosed, unknownNames } from "../../server/environment";
import type { Facts } from "./facts";
import { fault, ok, warning, type Finding } from "./finding";

/** The oldest Node that runs it, and the lines that it is tested with. */
const OLDEST = [20, 19] as const;
const TESTED = [20, 22, 24];
const ANY_OTHER = 0o007;

export function checkNode({ node }: Pick<Facts, "node">): Finding {
  const [major = 0, minor = 0] = node.split(".").map(Number);
  const mend = `install Node ${TESTED.join(", ")} (${OLDEST.join(".")} or later)`;
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) return fault("node", `${node} is too old`, mend);
  return TESTED.includes(major)
    ? ok("node", node)
    : warning("node", `${node} is not among those it is tested with`, mend);
}

export function checkNames({ variables }: Pick<Facts, "variables">): Finding[] {
  return unknownNames(variables).map((line) => warning("environment", line, "correct or remove it"));
}

/** Who can reach it, and what is read on the way. */
export function checkReach({ environment, tls }: Pick<Facts, "environment" | "tls">): Finding[] {
  const { HOST, CITYWALL_HOSTS: hosts, CITYWALL_TRUSTED_PROXIES: proxies } = environment;
  const everybody = proxies.filter((network) => network.endsWith("/0"));
  const trust = everybody.map((network) =>
    fault("proxies", `CITYWALL_TRUSTED_PROXIES: ${network} trusts everybody`, "name the proxies' own addresses alone"),
  );
  const signIn = isClosed(environment) ? "everybody signs in" : "nobody signs in";
  if (isLoopback(HOST)) return [ok("reach", `${HOST}: this machine alone, ${signIn}`), ...trust];
  const unnamed = hosts.length === 0 && ["0.0.0.0", "::"].includes(HOST);
  return [
    ...(tls ? [ok("reach", `${HOST}: other machines, with TLS; ${signIn}`)] : [checkPlain(HOST, proxies)]),
    ...(unnamed
      ? [
          warning(
            "hosts",
            "walls can open it by its addresses and the machine's own name alone",
            "CITYWALL_HOSTS=<the name they use>, where they use another one",
          ),
        ]
      : []),
    ...trust,
  ];
}

function checkPlain(host: string, proxies: readonly string[]): Finding {
  if (proxies.length === 0)
    return fault(
      "reach",
      `${host}: other machines, without TLS: who is on the way reads passwords and publishers' tokens, and may change what walls show`,
      "CITYWALL_TLS_CERT and CITYWALL_TLS_KEY; or a proxy that speaks TLS, named in CITYWALL_TRUSTED_PROXIES",
    );
  return warning(
    "reach",
    `${host}: other machines can go past the proxy, without TLS`,
    "HOST=127.0.0.1 where the proxy is on this machine, else a firewall that lets the proxy alone in",
  );
}

export function checkTls({ tls, environment, now }: Pick<Facts, "tls" | "environment" | "now">): Finding[] {
  if (!tls) return [];
  if (tls.fault !== null) return [fault("certificate", tls.fault, "put the right file in its place")];
  const day = new Date(tls.until).toISOString().slice(0, 10);
  const words = endWords(tls.until, now);
  const renew = "renew it and put it in its place: it is in force at once, without a start";
  const { CITYWALL_TLS_KEY: key } = environment;
  const end =
    tls.until <= now
      ? fault("certificate", `it ${words}`, renew)
      : words && warning("certificate", `it ${words}`, renew);
  return [
    end || ok("certificate", `until ${day}`),
    ...(tls.keyMode & ANY_OTHER
      ? [fault("key", `CITYWALL_TLS_KEY: every user of the machine may read ${key}`, `chmod o= ${key}`)]
      : []),
    ...tls.unnamed.map((host) =>
      warning("certificate", `it is not for ${host} of CITYWALL_HOSTS`, "have one made that names it"),
    ),
  ];
}

export function checkSecrets({ secrets }: Pick<Facts, "secrets">): Finding[] {
  return secrets
    .filter(({ mode }) => mode & ANY_OTHER)
    .map(({ setting, file }) =>
      fault("secrets", `${setting}: every user of the machine may read ${file}`, `chmod o= ${file}`),
    );
}
