/** @type {import("next").NextConfig} */
const config = {
  reactStrictMode: true,
  poweredByHeader: false,
  // The gateway is the one public server; Next is reached from it alone.
  compress: false,
  // The same schemas with less code: lib/contract/zod-in-browser.ts.
  turbopack: { resolveAlias: { zod: { browser: "./lib/contract/zod-in-browser.ts" } } },
  typescript: { tsconfigPath: "tsconfig.json" },
};
export default config;
