import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { every, now as clockNow } from "../clock";

/** Where the certificate is, with those that vouch for it behind it, and its key: files in PEM. */
export interface CertificateFiles {
  cert: string;
  key: string;
}

export interface LoadedCertificate {
  /** PEM, as `node:tls` takes them */
  cert: string;
  key: string;
  /** ms; the end of the first of its chain that ends */
  until: number;
  /** what it is for: names and addresses, those first that stand first */
  names: string[];
}

/** How often its files are looked at, ms: what was replaced is in force two looks later. */
const LOOK_EVERY = 1_000;
const DAY = 86_400_000;
/** So long (ms) before its end a certificate is told of. */
const WARN = 30 * DAY;

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

function read(setting: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(`${setting}: ${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

function chainIn(file: string, pem: string): [X509Certificate, ...X509Certificate[]] {
  const [first, ...others] = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (first === undefined) throw new Error(`CITYWALL_TLS_CERT: ${file} holds no certificate in PEM`);
  try {
    return [new X509Certificate(first), ...others.map((one) => new X509Certificate(one))];
  } catch (error) {
    throw new Error(`CITYWALL_TLS_CERT: ${file} cannot be read as a certificate`, { cause: error });
  }
}

function keyIn(file: string, pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    const locked = (error as NodeJS.ErrnoException).code === "ERR_MISSING_PASSPHRASE" || pem.includes("ENCRYPTED");
    const fault = locked
      ? "has a password, which nobody could say at a start: take it off"
      : "holds no private key in PEM";
    throw new Error(`CITYWALL_TLS_KEY: ${file} ${fault}`, { cause: error });
  }
}

/** What tells a file from what it was before. */
function printOf(file: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(file);
    return `${mtimeMs} ${size} ${ino}`;
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

/** Names without those that stand for many. */
function namesOf({ subjectAltName = "" }: X509Certificate): string[] {
  const names = [...subjectAltName.matchAll(/(?:DNS|IP Address):([^,\s]+)/g)].map(([, name = ""]) => name);
  return names.filter((name) => !name.includes("*"));
}

/** Reads a certificate and its key, whether or not it has ended. @throws Error that names the setting and the file */
export function loadCertificate(files: CertificateFiles): LoadedCertificate {
  const [cert, key] = [read("CITYWALL_TLS_CERT", files.cert), read("CITYWALL_TLS_KEY", files.key)];
  const chain = chainIn(files.cert, cert);
  const own = keyIn(files.key, key);
  if (!chain[0].checkPrivateKey(own)) throw new Error(`CITYWALL_TLS_KEY: ${files.key} is not the key of ${files.cert}`);
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new Error(`CITYWALL_TLS_CERT: ${files.cert} cannot be used: ${(error as Error).message}`, { cause: error });
  }
  const until = Math.min(...chain.map(({ validTo }) => Date.parse(validTo)));
  return { cert, key, until, names: namesOf(chain[0]) };
}

/** As `loadCertificate`. @throws Error where it has ended as well */
export function usableCertificate(files: CertificateFiles, now: number): LoadedCertificate {
  const loaded = loadCertificate(files);
  if (loaded.until <= now)
    throw new Error(`CITYWALL_TLS_CERT: ${files.cert} ended on ${day(loaded.until)}: browsers refuse it`);
  return loaded;
}

/** What is to be said of a certificate that ends within thirty days, or has ended; else null. */
export function endWords(until: number, now: number): string | null {
  if (until <= now) return `ended on ${day(until)}`;
  return until - now > WARN ? null : `ends in ${Math.floor((until - now) / DAY)} days, on ${day(until)}`;
}

/**
 * The certificate in force. Its files are looked at again and again, as notifications get lost: what replaces them is in force without
 * a start anew once both lie still, and what cannot be used leaves the last good one in its place.
 */
export class Certificate {
  /** what is wrong with the files that are there now; null while they are those in force */
  fault: string | null = null;
  private print: string;
  private moved = false;
  private toldAt = -Infinity;
  private readonly listeners = new Set<() => void>();
  private readonly stop: () => void;

  private constructor(
    private readonly files: CertificateFiles,
    private loaded: LoadedCertificate,
    private readonly now: () => number,
  ) {
    this.print = this.printNow();
    this.tellEnd();
    this.stop = every(LOOK_EVERY, () => this.look());
  }

  /**
   * One that has ended is taken, and told of: a gateway that has to begin again must not stay away for it; the start command refuses
   * it. @throws Error that names the setting and the file
   */
  static open(files: CertificateFiles, now: () => number = clockNow): Certificate {
    return new Certificate(files, loadCertificate(files), now);
  }

  get context(): { cert: string; key: string } {
    return this.loaded;
  }

  /** Below 0 once it has ended. */
  get secondsLeft(): number {
    return (this.loaded.until - this.now()) / 1000;
  }

  /** What is the matter with it, or null. */
  get words(): string | null {
    const words = [
      ...(this.fault ? [`${this.fault}; the last good one stays in force`] : []),
      ...[endWords(this.loaded.until, this.now())].filter((end) => end !== null),
    ];
    return words.length > 0 ? words.join("; ") : null;
  }

  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  /** Looks at the files: taken anew are those that have changed and are the same as at the look before. */
  look(): void {
    const print = this.printNow();
    if (print !== this.print) this.moved = true;
    else if (this.moved) {
      this.moved = false;
      this.replace();
    }
    this.print = print;
    this.tellEnd();
  }

  private replace(): void {
    try {
      this.loaded = usableCertificate(this.files, this.now());
      this.fault = null;
    } catch (error) {
      this.fault = (error as Error).message;
      console.error(`citywall: ${this.fault}; the last good certificate stays in force`);
      return;
    }
    console.error(`citywall: ${this.files.cert} is in force from now on, until ${day(this.loaded.until)}`);
    for (const listener of this.listeners) listener();
  }

  private tellEnd(): void {
    const words = endWords(this.loaded.until, this.now());
    if (words === null || this.now() - this.toldAt < DAY) return;
    this.toldAt = this.now();
    console.error(`citywall: the certificate ${this.files.cert} ${words}`);
  }

  private printNow(): string {
    return [this.files.cert, this.files.key].map(printOf).join(" ");
  }

  close(): void {
    this.stop();
  }
}
