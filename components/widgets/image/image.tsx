"use client";
import type { WidgetProps } from "@/lib/contract/widget";
import { useSurroundings } from "@/components/ui/context";
import type { ImageSettings } from "./definition";
import { imageStyle } from "./image-option";

export default function ImageWidget({ settings }: WidgetProps<ImageSettings>) {
  const { lang } = useSurroundings();
  return <img className="picture" src={settings.src} alt={settings.alt[lang]} style={imageStyle(settings.fit)} />;
}
