/** The whole build: programs, what browsers fetch as files of their own, the pages, everything packed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { ROOT, WITH_PARENT } from "../server/programs.mjs";

// A build that is stopped takes the step it is at with it.
for (const step of [
  ["scripts/bundle.mjs"],
  ["scripts/assets.mjs"],
  ["dist/fonts.js"],
  ["node_modules/next/dist/bin/next", "build"],
  ["scripts/compress.mjs"],
]) {
  const child = spawn(process.execPath, [...WITH_PARENT, ...step], {
    cwd: ROOT,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" },
  });
  const [code] = await once(child, "exit");
  if (code !== 0) process.exit(code ?? 1);
}
