"use client";
import { Failed } from "@/components/page/failed";

export default function ErrorPage({ reset }: { error: Error; reset: () => void }) {
  return <Failed retry={reset} />;
}
