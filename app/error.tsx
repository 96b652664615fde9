"use client";
import { useEffect } from "react";
import { after } from "@/lib/clock";

/** A page that failed tries again by itself: nobody stands beside a wall at night. */
export default function ErrorPage({ reset }: { error: Error; reset: () => void }) {
  useEffect(() => after(5_000, () => window.location.reload()), []);
  return (
    <div className="lost" role="alert">
      <p>页面暂时无法显示，正在重试 · This page failed, trying again</p>
      <button type="button" onClick={reset}>重试 · Retry</button>
    </div>
  );
}
