"use client";
import "./text.css";
import type { WidgetProps } from "@/lib/contract/widget";
import { usePageContext } from "@/components/ui/page-context";
import type { TextSettings } from "./definition";
import { lines } from "./text-option";

const SIZES = { small: "1rem", normal: "1.4rem", large: "2.1rem" } as const;

export default function TextWidget({ settings }: WidgetProps<TextSettings>) {
  const { lang } = usePageContext();
  return (
    <div className="words" style={{ fontSize: SIZES[settings.size], textAlign: settings.align }}>
      {lines(settings.text[lang]).map((line, i) => (
        <p key={i}>{line}</p>
      ))}
    </div>
  );
}
