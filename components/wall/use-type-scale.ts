"use client";
import { useLayoutEffect } from "react";
import { typeChanged } from "@/components/ui/theme";
import { TYPE_SCALE } from "./type-scale-script";

/**
 * Keeps the size of type of the screen that is shown; canvases measure it by themselves, and are told.
 * @param phone whether the display is one
 */
export function useTypeScale(scale: number, phone = false): void {
  useLayoutEffect(() => {
    const { style } = document.documentElement;
    style.setProperty(TYPE_SCALE, String(scale));
    typeChanged();
    return () => void style.removeProperty(TYPE_SCALE);
  }, [scale, phone]);
}
