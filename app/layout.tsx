import "@fontsource/noto-sans-sc/400.css";
import "@fontsource/noto-sans-sc/500.css";
import "@fontsource/noto-sans-sc/700.css";
import "@fontsource/barlow-condensed/500.css";
import "@fontsource/barlow-condensed/600.css";
import "@fontsource/jetbrains-mono/400.css";
import "@fontsource/jetbrains-mono/500.css";
import "./globals.css";
import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { Alive } from "@/components/ui/alive";
import { RefusedMomentNotice } from "@/components/page/refused-moment";
import { RECOVERY } from "@/lib/live/recovery";
import { pageLang } from "./request";

export const metadata: Metadata = { title: "Citywall", icons: { icon: "/favicon.svg" } };
export const viewport: Viewport = { themeColor: "#0b1118" };
/** Every page carries its own nonce, so none can be made ahead of its request. */
export const dynamic = "force-dynamic";

export default async function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html suppressHydrationWarning lang={(await pageLang()) === "zh" ? "zh-CN" : "en"}>
      <head>
        {/* A browser hides the nonce from scripts, so it never matches what React made. */}
        <script
          nonce={(await headers()).get("x-nonce") ?? undefined}
          suppressHydrationWarning
          dangerouslySetInnerHTML={{ __html: RECOVERY }}
        />
      </head>
      <body>
        {children}
        <RefusedMomentNotice />
        <Alive />
      </body>
    </html>
  );
}
