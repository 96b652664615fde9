import { ACTIONS, forget, lines, verify, type AuditFilter, type Deed, append } from "../audit";
import type { Control } from "../context";

export const auditMethods = {
  /** Writes a line, which is there for good when this resolves. */
  auditAppend: ({ db, now }: Control, deed: Deed) => append(db, deed, now()),
  auditLines: ({ db }: Control, filter: AuditFilter) => lines(db, filter),
  /** All that can be written. */
  auditActions: (_control: Control, _nothing: object) => Promise.resolve<string[]>([...ACTIONS]),
  auditVerify: ({ db }: Control, _nothing: object) => verify(db),
  /** Forgets lines that are older than so many ms. */
  auditForget: ({ db, now }: Control, { keep }: { keep: number }) =>
    forget(db, { before: now() - keep, who: "retention", at: now() }),
};
