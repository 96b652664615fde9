/** An authenticator for tests that makes passkeys (ES256) in this process, and what it may do wrong. */
import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from "@simplewebauthn/server";

const PRESENT = 0x01;
const VERIFIED = 0x04;
const WITH_CREDENTIAL = 0x40;

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
const sha256 = (data: string | Uint8Array): Buffer => createHash("sha256").update(data).digest();

interface Asked {
  challenge: string;
  origin: string;
  rpId: string;
  /** whether its holder proved himself to it */
  verified?: boolean;
}

export class TestAuthenticator {
  readonly id = randomBytes(16);
  counter = 0;
  private readonly keys: { publicKey: KeyObject; privateKey: KeyObject };

  constructor() {
    this.keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  }

  /** Authenticator data (Web Authentication, level 3, 6.1). */
  private data(rpId: string, flags: number): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(++this.counter);
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), counter]);
  }

  /** The public key as COSE writes it (RFC 9053, 7.1.1). */
  private cose(): Buffer {
    const { x = "", y = "" } = this.keys.publicKey.export({ format: "jwk" });
    const [left, right] = [Buffer.from(x, "base64url"), Buffer.from(y, "base64url")];
    return Buffer.concat([Buffer.from("a5010203262001215820", "hex"), left, Buffer.from("225820", "hex"), right]);
  }

  private client(type: string, { challenge, origin }: Asked): string {
    return base64url(Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false })));
  }

  make(asked: Asked): RegistrationResponseJSON {
    const flags = PRESENT | WITH_CREDENTIAL | (asked.verified === false ? 0 : VERIFIED);
    const length = Buffer.from([0, this.id.length]);
    const data = Buffer.concat([this.data(asked.rpId, flags), Buffer.alloc(16), length, this.id, this.cose()]);
    const head = Buffer.from("a363666d74646e6f6e656761747453746d74a068617574684461746158", "hex");
    const attestation = Buffer.concat([head, Buffer.from([data.length]), data]);
    return {
      id: base64url(this.id),
      rawId: base64url(this.id),
      type: "public-key",
      clientExtensionResults: {},
      response: {
        clientDataJSON: this.client("webauthn.create", asked),
        attestationObject: base64url(attestation),
        transports: ["internal"],
      },
    };
  }

  answer(asked: Asked, userHandle?: string): AuthenticationResponseJSON {
    const data = this.data(asked.rpId, PRESENT | (asked.verified === false ? 0 : VERIFIED));
    const client = this.client("webauthn.get", asked);
    const signed = Buffer.concat([data, sha256(Buffer.from(client, "base64url"))]);
    return {
      id: base64url(this.id),
      rawId: base64url(this.id),
      type: "public-key",
      clientExtensionResults: {},
      response: {
        clientDataJSON: client,
        authenticatorData: base64url(data),
        signature: base64url(sign("sha256", signed, this.keys.privateKey)),
        ...(userHandle === undefined ? {} : { userHandle: base64url(Buffer.from(userHandle)) }),
      },
    };
  }
}
