export const ROOT: string;
export const PROGRAMS: Record<
  "cli" | "gateway" | "historian" | "exporter" | "control" | "mock-feeds" | "fonts",
  string
>;
export const WITH_PARENT: string[];
