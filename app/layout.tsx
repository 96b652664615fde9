import "./globals.css";
import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { Alive } from "@/components/ui/alive";
import { DisplayNotice } from "@/components/page/display-notice";
import { RefusedMomentNotice } from "@/components/page/refused-moment";
import { RECOVERY } from "@/lib/live/recovery";
import { fontSheet } from "./fonts";
import { styleOf } from "@/components/ui/theme";
import { ASKED } from "@/lib/contract/page-headers";
import { pageLang, pageLook, pageMe, pagePlace } from "./request";

export const metadata: Metadata = { title: "Citywall", icons: { icon: "/favicon.svg" } };
/** Every page carries its own nonce, so none can be made ahead of its request. */
export const dynamic = "force-dynamic";

export async function generateViewport(): Promise<Viewport> {
  return { themeColor: (await pageLook()).ground };
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  const asked = await headers();
  const look = await pageLook();
  return (
    <html
      suppressHydrationWarning
      lang={(await pageLang()) === "zh" ? "zh-CN" : "en"}
      data-theme={look.base}
      data-may={(await pageMe())?.may.join(" ")}
      style={styleOf(look)}
    >
      <head>
        {/* Made by scripts/fonts.ts and not by the pages' build: it follows the names of the places that are configured. */}
        <link rel="stylesheet" href={fontSheet((await pagePlace())?.id ?? null)} />
        {/* A browser hides the nonce from scripts, so it never matches what React made. */}
        <script
          nonce={asked.get(ASKED.nonce) ?? undefined}
          suppressHydrationWarning
          dangerouslySetInnerHTML={{ __html: RECOVERY }}
        />
      </head>
      <body>
        {children}
        <RefusedMomentNotice />
        <DisplayNotice />
        <Alive />
      </body>
    </html>
  );
}
