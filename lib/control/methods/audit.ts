import { lines, verify, type AuditFilter, type Deed, append } from "../audit";
import type { Control } from "../context";

export const auditMethods = {
  /** Writes a line, which is there for good when this resolves. */
  auditAppend: ({ db, now }: Control, deed: Deed) => append(db, deed, now()),
  auditLines: ({ db }: Control, filter: AuditFilter) => lines(db, filter),
  auditVerify: ({ db }: Control, _nothing: object) => verify(db),
};
