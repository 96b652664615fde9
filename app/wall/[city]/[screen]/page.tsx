import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { preload } from "react-dom";
import { typeScaleScript } from "@/components/wall/type-scale-script";
import { Wall } from "@/components/wall/wall";
import { filesOfMaps } from "@/components/widgets/map/map-files";
import type { CityFacts } from "@/lib/contract/city";
import { ASKED } from "@/lib/contract/page-headers";
import { displayOf, typeScale } from "@/lib/contract/screens";
import type { ScreenMessage } from "@/lib/contract/socket-messages";
import type { CityList } from "@/lib/contract/api/cities";
import { fromGateway, pageLang } from "../../../request";

export default async function Page({ params }: { params: Promise<{ city: string; screen: string }> }) {
  const { city, screen } = await params;
  const [facts, message, list] = await Promise.all([
    fromGateway<CityFacts>(`/api/v1/cities/${encodeURIComponent(city)}`),
    fromGateway<ScreenMessage>(`/api/v1/cities/${encodeURIComponent(city)}/screens/${encodeURIComponent(screen)}`),
    fromGateway<CityList>("/api/v1/cities"),
  ]);
  if (!facts || !message) notFound();
  const tiles = message.layout?.tiles ?? [];
  for (const file of filesOfMaps(facts.id, tiles)) preload(file, { as: "fetch", crossOrigin: "anonymous" });
  const screens = (list?.cities.find((c) => c.id === city)?.screens ?? []).map(({ id, title, zone }) => ({
    id,
    title,
    ...(zone === undefined ? {} : { zone }),
  }));
  const scale = message.layout ? typeScale(displayOf(message.layout, facts)) : 1;
  return (
    <>
      <script
        nonce={(await headers()).get(ASKED.nonce) ?? undefined}
        suppressHydrationWarning
        dangerouslySetInnerHTML={{ __html: typeScaleScript(scale) }}
      />
      <Wall key={`${city}/${screen}`} city={facts} initial={message} screens={screens} lang={await pageLang()} />
    </>
  );
}
