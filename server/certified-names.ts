import { now } from "../lib/clock";
import { usableCertificate } from "../lib/gateway/certificate";
import { ConfigurationError, tlsFiles, type Environment } from "./environment";

/** The names that a certificate is for, null where there is none. @throws ConfigurationError where it cannot be used */
export function certifiedNames(environment: Environment): string[] | null {
  const files = tlsFiles(environment);
  if (!files) return null;
  try {
    return usableCertificate(files, now()).names;
  } catch (error) {
    throw new ConfigurationError((error as Error).message, { cause: error });
  }
}
