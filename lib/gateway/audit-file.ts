import type { AuditRow } from "../control/tables";
import { csvCell } from "./csv";

/** Forms in which the audit log is taken out. */
export const AUDIT_FORMATS = ["csv", "ndjson"] as const;
export type AuditFormat = (typeof AUDIT_FORMATS)[number];

/** Lines that are read at once. */
const PAGE = 1_000;

const COLUMNS = ["seq", "time", "who", "action", "object", "address", "detail", "hash"] as const;

/** A line of the log as a file has it, with its end of line. In NDJSON it has all that its hash is made of, as it was. */
function written(row: AuditRow, format: AuditFormat): string {
  if (format === "ndjson") return `${JSON.stringify(row)}\n`;
  const { seq, at, who, action, object, address, detail, hash } = row;
  const cells = [who, action, object, address, detail, hash].map(csvCell);
  return `${[seq, new Date(at).toISOString(), ...cells].join(",")}\r\n`;
}

/**
 * The log as a file, oldest first, a page at a time: what is written while it is read is not in it.
 * @param read gives lines behind the one with the number `after`, oldest first @param last number of the last line
 */
export async function* auditFile(
  format: AuditFormat,
  last: number,
  read: (page: { after: number; limit: number }) => Promise<readonly AuditRow[]>,
): AsyncGenerator<string> {
  let head = format === "csv" ? `${COLUMNS.join(",")}\r\n` : "";
  for (let after = 0, isMore = true; isMore;) {
    const rows = await read({ after, limit: PAGE });
    yield (
      head +
      rows
        .filter(({ seq }) => seq <= last)
        .map((row) => written(row, format))
        .join("")
    );
    head = "";
    after = rows.at(-1)?.seq ?? last;
    isMore = rows.length === PAGE && after < last;
  }
}
