/** Where the gateway is reached. */
import type { Environment } from "./environment";

const EVERYWHERE: Record<string, string> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

function at(scheme: "http" | "https", host: string, port: number): string {
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** From this machine itself: without TLS, which is spoken to other machines. */
export function localUrl({ HOST }: Pick<Environment, "HOST">, port: number): string {
  return at("http", EVERYWHERE[HOST] ?? HOST, port);
}

/**
 * Where a link leads that is handed to somebody: to the name that walls open the gateway by where a proxy is before it, which speaks TLS.
 * @param names as `shownUrl` takes them
 */
export function linkUrl(
  environment: Pick<Environment, "HOST" | "CITYWALL_HOSTS" | "CITYWALL_TRUSTED_PROXIES">,
  port: number,
  names: readonly string[] | null,
): string {
  const { CITYWALL_HOSTS: hosts, CITYWALL_TRUSTED_PROXIES: proxies } = environment;
  const [name] = hosts;
  return name !== undefined && proxies.length > 0 && names === null
    ? `https://${name}`
    : shownUrl(environment, port, names);
}

/**
 * What a person is told to open. @param names what the certificate is for, of which the first one is told, as no other would be taken;
 * null where no TLS is spoken
 */
export function shownUrl({ HOST }: Pick<Environment, "HOST">, port: number, names: readonly string[] | null): string {
  const host = EVERYWHERE[HOST] ?? HOST;
  if (names === null) return at("http", host, port);
  return at("https", names.includes(host) ? host : (names[0] ?? host), port);
}
