/** What is looked for in the audit log, as it is typed. */
export interface AuditFields {
  /** of the reader's own clock, `2026-12-01T08:00` */
  since?: string;
  until?: string;
  who?: string;
  action?: string;
  text?: string;
}

/** A moment of the reader's own clock as the API takes it; what is none stays as it is, and is refused by name. */
function momentOf(local: string): string {
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? local : at.toISOString();
}

/** The query of a search: what is left empty is not asked. */
export function auditQuery(fields: AuditFields): string {
  const asked = new URLSearchParams();
  for (const name of ["since", "until", "who", "action", "text"] as const) {
    const value = fields[name] ?? "";
    if (value !== "") asked.set(name, name === "since" || name === "until" ? momentOf(value) : value);
  }
  return asked.toString();
}
