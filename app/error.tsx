"use client";
import { useEffect } from "react";
import { recover } from "@/lib/live/recovery";

/** A page that failed tries again by itself: nobody stands beside a wall at night. */
export default function ErrorPage({ reset }: { error: Error; reset: () => void }) {
  useEffect(recover, []);
  return (
    <div className="lost" role="alert">
      <p>页面暂时无法显示，正在重试 · This page cannot be shown right now, retrying</p>
      <button type="button" onClick={reset}>
        重试 · Retry
      </button>
    </div>
  );
}
