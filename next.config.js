/** @type {import("next").NextConfig} */
const config = {
  reactStrictMode: true,
  poweredByHeader: false,
  // The gateway is the one public server; Next is reached from it alone.
  compress: false,
  // The same schemas with less code: lib/contract/zod-in-browser.ts.
  turbopack: { resolveAlias: { zod: { browser: "./lib/contract/zod-in-browser.ts" } } },
  // The server and only those parts of packages that it loads: a site installs none of what builds it. Files that browsers
  // fetch are not among it, as the gateway serves them from disk.
  output: "standalone",
  outputFileTracingRoot: import.meta.dirname,
  // No page has an image for Next to scale: the library that would is 19 MB. A site's own files stay where they are.
  images: { unoptimized: true },
  outputFileTracingExcludes: {
    "**": ["cities/**", "data/**", "public/**", "node_modules/sharp/**", "node_modules/@img/**"],
  },
  typescript: { tsconfigPath: "tsconfig.json" },
};
export default config;
