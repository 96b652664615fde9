#!/usr/bin/env node
import { fileURLToPath } from "node:url";
import { register } from "tsx/esm/api";

// The command runs in any folder; how its own files are found does not depend on that.
process.env.TSX_TSCONFIG_PATH = fileURLToPath(new URL("../tsconfig.json", import.meta.url));
register();
const { main } = await import("../cli/main.ts");
await main(process.argv);
