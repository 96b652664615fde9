/** Quotes a cell of RFC 4180 CSV; a text that a spreadsheet would take for a formula is kept from being one. */
export function csvCell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
