/** What was looked at, and how it stands. */
export interface Finding {
  /** warning: works, and should be looked at; fault: does not work, or is not safe */
  level: "ok" | "warning" | "fault";
  /** what it is about, in a word that stays the same */
  part: string;
  says: string;
  /** the command or setting that mends it */
  mend?: string;
}

export const ok = (part: string, says: string): Finding => ({ level: "ok", part, says });
export const warning = (part: string, says: string, mend: string): Finding => ({ level: "warning", part, says, mend });
export const fault = (part: string, says: string, mend: string): Finding => ({ level: "fault", part, says, mend });

/** 0: all is well; 1: something should be looked at; 2: something does not work or is not safe. */
export function statusOf(findings: readonly Finding[]): 0 | 1 | 2 {
  if (findings.some(({ level }) => level === "fault")) return 2;
  return findings.some(({ level }) => level === "warning") ? 1 : 0;
}

const MARKS = { ok: "✓", warning: "!", fault: "✗" } as const;

/** The findings as lines for people, what does not work last, as that is what stays in sight. */
export function linesOf(findings: readonly Finding[]): string[] {
  const order = (["ok", "warning", "fault"] as const).flatMap((level) => findings.filter((one) => one.level === level));
  const lines = order.flatMap(({ level, part, says, mend }) => [
    `${MARKS[level]} ${part}: ${says}`,
    ...(mend === undefined ? [] : [`    → ${mend}`]),
  ]);
  const count = (level: Finding["level"]): number => findings.filter((one) => one.level === level).length;
  return [...lines, "", `${count("fault")} fault(s), ${count("warning")} warning(s)`];
}
