"use client";
import { useLayoutEffect, useRef, useState, type ComponentProps } from "react";
import { rem } from "@/components/ui/theme";
import { cardPlace } from "./camera-option";
import type { Room } from "./layer";
import type { Hover } from "./wishes";

/** Between a card and what it is about, rem. */
const GAP = 1.2;

interface FrameProps extends ComponentProps<"div"> {
  hover: Hover;
  /** the part of the map that it may lie in, CSS pixels */
  room: () => Room;
}

/** A card beside what it is about, never over it; not seen where it has no room. */
export function CardFrame({ hover, room, ...rest }: FrameProps) {
  const card = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<{ left: number; top: number } | null>(null);
  useLayoutEffect(() => {
    const { offsetWidth: width, offsetHeight: height } = card.current ?? { offsetWidth: 0, offsetHeight: 0 };
    setPlace(cardPlace(hover, { width, height }, room(), rem() * GAP));
  }, [hover, room]);
  const { left, top } = place ?? { left: 0, top: 0 };
  return (
    <div
      ref={card}
      className="map-card"
      style={{ transform: `translate(${left}px, ${top}px)`, visibility: place ? "visible" : "hidden" }}
      {...rest}
    />
  );
}
