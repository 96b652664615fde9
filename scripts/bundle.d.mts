import type { Metafile } from "esbuild";

export function bundle(programs?: Record<string, string>, outdir?: string, write?: boolean): Promise<Metafile>;
export function viewsIn(metafile: Metafile, program: string): string[];
export function packagesOf(metafile: Metafile, program: string): string[];
