/** Tables of the control data: who did what, later who may. Moments are ms since 1970. */
export interface Tables {
  control_migrations: { name: string; at: number };
  audit: AuditRow;
  audit_head: { one: 1; seq: number; hash: string };
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
