#!/usr/bin/env node
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { canBuild, isBuilt, isOld } from "../server/freshness.mjs";

const file = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const [, , command] = process.argv;

/** True where the built programs are to run: they are those of the sources, or this install has nothing else. */
function ready() {
  if (command === "dev") return false;
  if (!canBuild()) {
    if (!isBuilt("programs")) {
      console.error(
        "citywall: is not built, and this install cannot build it: run npm run build where npm ci has been run",
      );
      process.exit(78); // EX_CONFIG
    }
    return true;
  }
  if (!isOld("programs")) return true;
  // What is to run for long is worth half a second; other commands read the sources as they are.
  if (command !== "start") return false;
  if (spawnSync(process.execPath, [file("scripts/bundle.mjs")], { stdio: "inherit" }).status !== 0) process.exit(1);
  return true;
}

async function load() {
  if (ready()) {
    process.setSourceMapsEnabled(true);
    return import("../dist/cli.js");
  }
  // The command runs in any folder; how its own files are found does not depend on that.
  process.env.TSX_TSCONFIG_PATH = file("tsconfig.json");
  const { register } = await import("tsx/esm/api");
  register();
  return import("../cli/main.ts");
}

const { main } = await load();
await main(process.argv);
