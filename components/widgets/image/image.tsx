"use client";
import "@/components/ui/picture.css";
import type { WidgetProps } from "@/lib/contract/widget";
import { usePageContext } from "@/components/ui/page-context";
import type { ImageSettings } from "./definition";
import { imageStyle } from "./image-option";

export default function ImageWidget({ settings }: WidgetProps<ImageSettings>) {
  const { lang } = usePageContext();
  return <img className="picture" src={settings.src} alt={settings.alt[lang]} style={imageStyle(settings.fit)} />;
}
