export const ROOT: string;
export const PROGRAMS: Record<"cli" | "gateway" | "historian" | "exporter" | "mock-feeds" | "fonts", string>;
export const WITH_PARENT: string[];
