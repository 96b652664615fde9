/** npm run chaos [-- --kills 10]: kills each process so many times and looks whether it comes back with all it had. */
import { spawnSync } from "node:child_process";

const args = process.argv.slice(2);
const kills = args.includes("--kills") ? args[args.indexOf("--kills") + 1] : "10";
const { status } = spawnSync("npx", ["--no-install", "vitest", "run", "server/start.test.ts"], {
  stdio: "inherit",
  env: { ...process.env, CITYWALL_KILLS: kills },
});
process.exitCode = status ?? 1;
