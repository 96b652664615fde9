/** How what runs stands, by its own word. */
import type { Facts } from "./facts";
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

export function checkGateway({ gateway, environment }: Pick<Facts, "gateway" | "environment">): Finding[] {
  if (gateway.kind === "stopped") return [ok("gateway", "does not run: what it keeps was looked at")];
  if (gateway.kind === "silent") {
    const says = `process ${gateway.holder} holds ${environment.CITYWALL_DATA}, and nothing answers at ${gateway.url}`;
    return [fault("gateway", says, "run this with Citywall's own PORT and HOST; else end the process and start again")];
  }
  const { reason, parts, clockSteps, url } = gateway;
  const elsewhere = parts.tls !== undefined && environment.CITYWALL_TLS_CERT === undefined;
  const strange = "the gateway that answers speaks TLS, and the environment of this command says nothing of that";
  const steps = `it was set ${clockSteps} time(s) since the gateway began`;
  return [
    reason === null
      ? ok("gateway", `runs at ${url}`)
      : fault("gateway", `walls cannot be served: ${reason}`, "see the other findings, and the log"),
    ...Object.entries(parts).flatMap(([name, says]) => checkPart(name, says)),
    ...(clockSteps > 0 && parts.clock === "ok" ? [warning("clock", steps, MENDS.clock as string)] : []),
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
