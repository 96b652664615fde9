/**
 * Tables of the control data: who may, and who did what. Moments are ms since 1970; secrets are there as hashes alone, but those of TOTP,
 * of which both sides need the same.
 */
export interface Tables {
  control_migrations: { name: string; at: number };
  audit: AuditRow;
  audit_head: { one: 1; seq: number; hash: string };
  /** the last line that was forgotten, as it was too old; none: all are there */
  audit_start: { one: 1; seq: number; hash: string };
  control_revision: { one: 1; revision: number };
  account: AccountRow;
  passkey: PasskeyRow;
  challenge: ChallengeRow;
  invitation: InvitationRow;
  session: SessionRow;
  sign_in_failure: SignInFailureRow;
  recovery_code: RecoveryCodeRow;
  sign_in_policy: SignInPolicyRow;
  role_mapping: RoleMappingRow;
  device: DeviceRow;
  pairing: PairingRow;
  token: TokenRow;
  open_screen: OpenScreenRow;
  configuration_file: ConfigurationFileRow;
}

/** A line of the audit log as it is kept. */
export interface AuditRow {
  /** 1, 2, 3 without a gap */
  seq: number;
  /** when it was written */
  at: number;
  /** who did it */
  who: string;
  /** what was done: one of `ACTIONS` */
  action: string;
  /** to what */
  object: string;
  /** where it came from; empty for a command on the machine itself */
  address: string;
  /** more about it, as JSON */
  detail: string;
  /** SHA-256 over the line before it and this one, hexadecimal */
  hash: string;
}

/** Somebody who may sign in. */
export interface AccountRow {
  id: string;
  /** what is typed to sign in, in small letters; unique */
  name: string;
  /** as pages call him */
  title: string;
  /** one of `ROLES` */
  role: string;
  /** `Scope[]` as JSON */
  scopes: string;
  /** PHC string of argon2id; null: no password */
  password: string | null;
  /** shared secret of TOTP (RFC 6238), base32; null: none */
  totp: string | null;
  /** the last step of TOTP that was used: none counts twice */
  totp_step: number | null;
  /** issuer and subject of OIDC, with a space between; null: a local account */
  oidc: string | null;
  disabled: 0 | 1;
  created: number;
}

/** A public key of WebAuthn. */
export interface PasskeyRow {
  /** credential id, base64url */
  id: string;
  account: string;
  /** COSE (RFC 9052), base64url */
  public_key: string;
  counter: number;
  /** how its authenticator is reached, as JSON */
  transports: string;
  title: string;
  created: number;
  used: number | null;
}

/** What was asked of somebody, or of an issuer, and waits for its one answer. */
export interface ChallengeRow {
  /** SHA-256 of what the answer has to bring along */
  hash: string;
  kind: "totp" | "passkey-add" | "passkey-sign-in" | "oidc";
  /** who alone may answer; null: nobody is known yet */
  account: string | null;
  /** what the answer is held against */
  value: string;
  expires: number;
}

/** A link that works once: it makes an account, or gives one a new password. */
export interface InvitationRow {
  /** SHA-256 of its secret */
  hash: string;
  kind: "invite" | "reset";
  /** of a reset */
  account: string | null;
  role: string | null;
  scopes: string | null;
  expires: number;
  made_by: string;
  made: number;
}

/** A sign-in that holds. */
export interface SessionRow {
  /** SHA-256 of the cookie's secret */
  hash: string;
  /** what it is called in lists */
  id: string;
  account: string;
  created: number;
  /** when it was last used, to the minute */
  seen: number;
  /** when it ends whatever happens */
  expires: number;
  address: string;
  agent: string;
  /** how it began: password, totp, passkey, recovery, oidc, invitation */
  method: string;
  /** it began with a second factor as well, or by an issuer that does not say that there was none */
  multi_factor: 0 | 1;
}

/** What counts once in the place of a second factor. */
export interface RecoveryCodeRow {
  account: string;
  /** argon2id of the code, by the salt that all codes of the account have; base64url */
  hash: string;
  salt: string;
}

/** What the site demands of a sign-in; none: nothing more than a password. */
export interface SignInPolicyRow {
  one: 1;
  /** one of `DEMANDS` */
  second_factor: string;
}

/** Sign-ins that failed lately, by who was tried and from where. */
export interface SignInFailureRow {
  /** hash of the name and the network, so that a name that was typed in error is not kept */
  key: string;
  count: number;
  last: number;
}

/** Which claim of OIDC gives which role. */
export interface RoleMappingRow {
  id: string;
  claim: string;
  value: string;
  role: string;
  scopes: string;
}

/** A display on a wall. */
export interface DeviceRow {
  id: string;
  title: string;
  city: string;
  screen: string;
  /** SHA-256 of its secret, and of the one before */
  hash: string;
  previous: string | null;
  /** until when the one before holds; null: until the display has used the next one */
  previous_until: number | null;
  rotated: number;
  made: number;
  made_by: string;
  seen: number | null;
  address: string;
  /** build of the pages it last ran */
  version: string;
  /** when it last painted */
  painted: number | null;
  /** what it last said of itself, as JSON */
  health: string;
  withdrawn: number | null;
}

/** A display that shows a code and waits to be named. */
export interface PairingRow {
  /** SHA-256 of the code */
  code: string;
  /** SHA-256 of what the display keeps to itself: only it is given the identity */
  hash: string;
  address: string;
  expires: number;
  /** once somebody named it */
  device: string | null;
}

/** What a program proves itself with: a publisher, or one that looks after the gateway. */
export interface TokenRow {
  hash: string;
  /** the first letters of the hash: how it is told of; unique */
  id: string;
  kind: "publish" | "monitor";
  /** of a publisher's; null: of no city */
  city: string | null;
  /** of a publisher's: one of the city's, or `*` */
  feed: string | null;
  backfill: 0 | 1;
  created: number;
  /** null: never */
  expires: number | null;
  /** id of the token that takes its place, since it was rotated; null: it was not */
  replaced_by: string | null;
  /** networks it may come from, as JSON; null: any */
  addresses: string | null;
  note: string;
  made_by: string;
  used: number | null;
}

/** A screen that can be looked at without sign-in. */
export interface OpenScreenRow {
  city: string;
  screen: string;
  made: number;
  made_by: string;
}

/** A file of the folder of cities as it was last seen. */
export interface ConfigurationFileRow {
  /** path in the folder of cities, with `/` */
  file: string;
  /** SHA-256 of what is in it, hexadecimal */
  hash: string;
  /** why it is not in force, what was read before it staying; null: it is */
  why: string | null;
  /** whose it is on the disk, as the audit log has it */
  who: string;
  /** when it was last written, as the disk has it */
  modified: number;
}
