/** @type {import("next").NextConfig} */
const config = {
  reactStrictMode: true,
  poweredByHeader: false,
  // The gateway is the one public server; Next is reached from it alone.
  compress: false,
  typescript: { tsconfigPath: "tsconfig.json" },
};
export default config;
