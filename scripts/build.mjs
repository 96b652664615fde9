/** The whole build: programs, what browsers fetch as files of their own, the pages, everything packed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
// A build that is stopped takes the step it is at with it.
const withParent = ["--import", `${pathToFileURL(path.join(root, "server/with-parent.mjs")).href}?of=${process.pid}`];
for (const step of [
  ["scripts/bundle.mjs"],
  ["scripts/assets.mjs"],
  ["dist/fonts.js"],
  ["node_modules/next/dist/bin/next", "build"],
  ["scripts/compress.mjs"],
]) {
  const child = spawn(process.execPath, [...withParent, ...step], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" },
  });
  const [code] = await once(child, "exit");
  if (code !== 0) process.exit(code ?? 1);
}
