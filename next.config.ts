import type { NextConfig } from "next";

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  // The gateway is the one public door; Next is reached from it alone.
  compress: false,
  typescript: { tsconfigPath: "tsconfig.json" },
};
export default config;
