/** 1 = minor .. 4 = extreme: the order of CAP 1.2 `severity` (Minor, Moderate, Severe, Extreme). */
export const SEVERITIES = [1, 2, 3, 4] as const;
export type Severity = (typeof SEVERITIES)[number];
