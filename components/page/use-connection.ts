"use client";
import { useEffect, useState, type RefObject } from "react";
import type { Live } from "@/lib/live/read-metric";

/**
 * Marks a page with how its connection stands. Returns false once it is lost; a page that is only just loading has not
 * lost it.
 */
export function useConnection(frame: RefObject<HTMLElement | null>, live: Live | undefined): boolean {
  const [up, setUp] = useState(true);
  useEffect(() => {
    let heard = false;
    return live?.onBeat(() => {
      heard ||= live.connected();
      setUp(live.connected() || !heard);
      if (frame.current) frame.current.dataset.connected = heard ? String(live.connected()) : "pending";
    });
  }, [live, frame]);
  return up;
}
