/** The pages' build from start to end: what browsers fetch as files of their own, Next's build, everything packed. */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
for (const step of [
  ["scripts/assets.mjs"],
  ["--import", "tsx", "scripts/fonts.ts"],
  ["node_modules/next/dist/bin/next", "build"],
  ["scripts/compress.mjs"],
]) {
  const { status } = spawnSync(process.execPath, step, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" },
  });
  if (status !== 0) process.exit(status ?? 1);
}
