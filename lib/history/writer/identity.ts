import { readFileSync } from "node:fs";

/**
 * What tells a process from a later one that was given the same number: its start time, where the system tells. Null
 * where there is no such process.
 */
export function identity(pid: number): string | null {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return null;
  }
  try {
    // proc(5): field 22 is the start time; the name in field 2 may hold spaces, and ends at the last parenthesis.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return `${pid} ${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? ""}`;
  } catch {
    return `${pid} `;
  }
}
