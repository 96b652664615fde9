/** Certificates of their own for tests, made by openssl. */
import { spawnSync } from "node:child_process";
import path from "node:path";

export interface MadeCertificate {
  cert: string;
  key: string;
}

/** Makes a certificate that is signed by its own key, and the key. @param name of both files @param days until it ends */
export function makeCertificate(folder: string, name: string, days = 90): MadeCertificate {
  const made = { cert: path.join(folder, `${name}.crt`), key: path.join(folder, `${name}.key`) };
  const names = "subjectAltName=DNS:wall.example.org,DNS:*.walls.example.org,IP:127.0.0.1";
  const { status, stderr } = spawnSync(
    "openssl",
    [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-keyout", made.key, "-out", made.cert, "-days", String(days), "-subj", `/CN=${name}`, "-addext", names],
    ],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`openssl: ${stderr}`);
  return made;
}
