"use client";
import { useEffect, useRef, useState } from "react";
import { after, every } from "@/lib/clock";
import type { WidgetProps } from "@/lib/contract/widget";
import { useSurroundings } from "@/components/ui/context";
import { t } from "@/components/ui/i18n";
import type { VideoSettings } from "./definition";
import { retryDelay, stillAddress } from "./video-option";

export default function Video({ settings }: WidgetProps<VideoSettings>) {
  const { lang } = useSurroundings();
  if (!settings.src) return <div className="no-video"><i /><p>{t(lang, "noStream")}</p></div>;
  return settings.kind === "hls" ? <HlsStream src={settings.src} /> : <StillStream src={settings.src} refresh={settings.refresh} />;
}

function HlsStream({ src }: { src: string }) {
  const { lang } = useSurroundings();
  const video = useRef<HTMLVideoElement>(null);
  const [attempt, setAttempt] = useState(0);
  const [lost, setLost] = useState(false);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    let destroy = (): void => {};
    let cancelRetry = (): void => {};
    let gone = false;
    const retry = (): void => {
      setLost(true);
      cancelRetry = after(retryDelay(attempt), () => setAttempt((n) => n + 1));
    };
    const playing = (): void => setLost(false);
    element.addEventListener("playing", playing);
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
      destroy = () => hls.destroy();
    });
    return () => {
      gone = true;
      element.removeEventListener("playing", playing);
      cancelRetry();
      destroy();
    };
  }, [src, attempt]);
  return <><video ref={video} className="picture" muted autoPlay playsInline />{lost && <p className="stream-lost">{t(lang, "streamLost")}</p>}</>;
}

function StillStream({ src, refresh }: { src: string; refresh: number }) {
  const { lang } = useSurroundings();
  const [count, setCount] = useState(0);
  const [lost, setLost] = useState(false);
  useEffect(() => (refresh > 0 ? every(refresh * 1000, () => setCount((n) => n + 1)) : undefined), [refresh]);
  return <><img className="picture" src={refresh > 0 ? stillAddress(src, count) : src} alt="" onError={() => setLost(true)} onLoad={() => setLost(false)} />{lost && <p className="stream-lost">{t(lang, "streamLost")}</p>}</>;
}
