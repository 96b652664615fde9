/** @type {import("next").NextConfig} */
const config = {
  reactStrictMode: true,
  poweredByHeader: false,
  // `forbidden()`: a page that there is no right to is answered with 403.
  experimental: { authInterrupts: true },
  // The gateway is the one public server; Next is reached from it alone.
  compress: false,
  turbopack: {
    resolveAlias: {
      // The same schemas with less code: lib/contract/zod-in-browser.ts.
      zod: { browser: "./lib/contract/zod-in-browser.ts" },
      // deck.gl's own edition without WebGPU's shaders, which no map here draws with; its export condition cannot be named to Turbopack.
      ...Object.fromEntries(
        ["core", "layers", "aggregation-layers"].map((name) => [
          `@deck.gl/${name}`,
          { browser: `./node_modules/@deck.gl/${name}/dist.webgl-only/index.js` },
        ]),
      ),
      // ECharts asks whether there is Node's Buffer; without this a whole one would be put in for it to find.
      "next/dist/compiled/buffer": { browser: "./components/ui/no-buffer.ts" },
    },
  },
  // The server and only those parts of packages that it loads: a site installs none of what builds it. Files that browsers
  // fetch are not among it, as the gateway serves them from disk.
  output: "standalone",
  outputFileTracingRoot: import.meta.dirname,
  // No page has an image for Next to scale: the library that would is 19 MB. A site's own files stay where they are.
  images: { unoptimized: true },
  outputFileTracingExcludes: {
    "**": ["cities/**", "data/**", "public/**", "node_modules/sharp/**", "node_modules/@img/**"],
  },
  // Types are the check's to judge, of the whole project at once: a first start need not wait half a minute for those of the pages.
  typescript: { tsconfigPath: "tsconfig.json", ignoreBuildErrors: true },
};
export default config;
