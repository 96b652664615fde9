export function unitFailures(report: object): string[];
export function endToEndFailures(report: object): string[];
