/** How what runs stands, by its own word. */
import type { Facts, Figures } from "./facts";
import { fault, ok, warning, type Finding } from "./finding";

/** What mends a part that is not in order, by its name in /readyz. Others are looked at by their files. */
const MENDS: Record<string, string> = {
  history: "look at the log of the store; with PostgreSQL, at the server of DATABASE_URL",
  pages: "look at the log of the pages; npm run build makes them anew",
  descriptors: "raise how many files it may open (LimitNOFILE of systemd, ulimit -n)",
  maps: "npx citywall map list; add the archive again",
  clock: "let the machine's clock follow others (systemd-timesyncd, chrony), so that it need not be set",
};
/** How the store stands where it is no matter, or passes by itself. */
const PASSING = ["starting", "behind"];

function checkPart(name: string, says: string): Finding[] {
  const mend = MENDS[name];
  if (mend === undefined || says === "ok") return [];
  if (name === "clock" || (name === "history" && PASSING.includes(says))) return [warning(name, says, mend)];
  return [fault(name, says, mend)];
}

/** What the gateway counts, or why nobody can tell. */
function checkFigures(figures: Figures, parts: Record<string, string>): Finding[] {
  const unread = "what the gateway counts (/metrics) was not looked at";
  const make = "npx citywall token create --monitor, and CITYWALL_MONITOR_TOKEN_FILE names a file that holds it";
  if (figures === "unasked") return [ok("figures", `${unread}: CITYWALL_MONITOR_TOKEN has no token to read it with`)];
  if (figures === "refused") return [warning("figures", "CITYWALL_MONITOR_TOKEN: its token is refused", make)];
  if (figures === "unread") return [warning("figures", `${unread}: it did not answer`, "see the log of the gateway")];
  const steps = `it was set ${figures.clockSteps} time(s) since the gateway began`;
  return figures.clockSteps > 0 && parts.clock === "ok" ? [warning("clock", steps, MENDS.clock as string)] : [];
}

export function checkGateway({ gateway, environment }: Pick<Facts, "gateway" | "environment">): Finding[] {
  if (gateway.kind === "stopped") return [ok("gateway", "does not run: what it keeps was looked at")];
  if (gateway.kind === "silent") {
    const says = `process ${gateway.holder} holds ${environment.CITYWALL_DATA}, and nothing answers at ${gateway.url}`;
    return [fault("gateway", says, "run this with Citywall's own PORT and HOST; else end the process and start again")];
  }
  const { reason, parts, figures, url } = gateway;
  const elsewhere = parts.tls !== undefined && environment.CITYWALL_TLS_CERT === undefined;
  const strange = "the gateway that answers speaks TLS, and the environment of this command says nothing of that";
  return [
    reason === null
      ? ok("gateway", `runs at ${url}`)
      : fault("gateway", `walls cannot be served: ${reason}`, "see the other findings, and the log"),
    ...Object.entries(parts).flatMap(([name, says]) => checkPart(name, says)),
    ...checkFigures(figures, parts),
    ...(elsewhere ? [warning("environment", strange, "run it with the environment that Citywall has")] : []),
  ];
}

export function checkMachine({ isBuilt, synchronised }: Pick<Facts, "isBuilt" | "synchronised">): Finding[] {
  const unbuilt = "the pages are not built, and this install cannot build them";
  return [
    ...(isBuilt
      ? []
      : [fault("build", unbuilt, "npm run build where npm ci has been run, and copy .next, dist and public")]),
    ...(synchronised === false
      ? [warning("clock", "the machine's clock follows no other", MENDS.clock as string)]
      : []),
  ];
}
