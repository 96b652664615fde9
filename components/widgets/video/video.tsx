"use client";
import "@/components/ui/picture.css";
import "./video.css";
import { useEffect, useRef, useState } from "react";
import { after, every, monotonic } from "@/lib/clock";
import type { WidgetProps } from "@/lib/contract/widget";
import { usePageContext } from "@/components/ui/page-context";
import { t } from "@/components/ui/i18n";
import type { VideoSettings } from "./definition";
import { retryDelay, stillAddress } from "./video-option";

export default function Video({ settings }: WidgetProps<VideoSettings>) {
  const { lang } = usePageContext();
  if (!settings.src)
    return (
      <div className="no-video">
        <i />
        <p>{t(lang, "noStream")}</p>
      </div>
    );
  return settings.kind === "hls" ? (
    <HlsStream src={settings.src} />
  ) : (
    <StillStream src={settings.src} refresh={settings.refresh} />
  );
}

/** A picture that has not moved for this long (ms) is not shown as if it were live. */
const FROZEN = 10_000;

function HlsStream({ src }: { src: string }) {
  const { lang } = usePageContext();
  const video = useRef<HTMLVideoElement>(null);
  const failures = useRef(0);
  const [attempt, setAttempt] = useState(0);
  const [lost, setLost] = useState(false);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    const stops: (() => void)[] = [];
    let gone = false;
    let waiting = false;
    const retry = (): void => {
      setLost(true);
      if (waiting) return;
      waiting = true;
      stops.push(after(retryDelay(failures.current++), () => setAttempt((n) => n + 1)));
    };
    let movedAt = monotonic();
    const moved = (): void => {
      movedAt = monotonic();
      failures.current = 0;
      setLost(false);
    };
    element.addEventListener("timeupdate", moved);
    stops.push(() => element.removeEventListener("timeupdate", moved));
    stops.push(
      every(1_000, () => {
        if (monotonic() - movedAt > FROZEN) retry();
      }),
    );
    // hls.js weighs more than the wall's own code: only a wall with a stream loads it.
    void import("hls.js").then(({ default: Hls }) => {
      if (gone) return;
      if (!Hls.isSupported()) {
        element.src = src;
        return;
      }
      const hls = new Hls({ enableWorker: false, liveDurationInfinity: true, backBufferLength: 10 });
      hls.on(Hls.Events.ERROR, (_event, data) => {
        if (data.fatal) retry();
      });
      hls.loadSource(src);
      hls.attachMedia(element);
      stops.push(() => hls.destroy());
    });
    return () => {
      gone = true;
      for (const stop of stops) stop();
    };
  }, [src, attempt]);
  return (
    <>
      <video ref={video} className="picture" data-lost={lost} muted autoPlay playsInline />
      {lost && <p className="stream-lost">{t(lang, "streamLost")}</p>}
    </>
  );
}

function StillStream({ src, refresh }: { src: string; refresh: number }) {
  const { lang } = usePageContext();
  const [count, setCount] = useState(0);
  const [lost, setLost] = useState(false);
  useEffect(() => (refresh > 0 ? every(refresh * 1000, () => setCount((n) => n + 1)) : undefined), [refresh]);
  return (
    <>
      <img
        className="picture"
        data-lost={lost}
        src={refresh > 0 ? stillAddress(src, count) : src}
        alt=""
        onError={() => setLost(true)}
        onLoad={() => setLost(false)}
      />
      {lost && <p className="stream-lost">{t(lang, "streamLost")}</p>}
    </>
  );
}
