"use client";
import "./pair.css";
import { useCallback, useEffect, useRef, useState } from "react";
import { every, monotonic } from "@/lib/clock";
import type { Lang } from "@/lib/contract/city";
import { useLang } from "@/components/page/use-lang";
import { Withdrawn } from "@/components/page/withdrawn";
import { Pairing, type Shown } from "./pairing";
import { leftWords, word } from "./words";

/** Whether whoever leads here stands before the display and wants it paired anew; said once, so that it holds for no later start. */
function askedAgain(): boolean {
  const url = new URL(window.location.href);
  const again = url.searchParams.has("again");
  url.searchParams.delete("again");
  if (again) window.history.replaceState(window.history.state, "", url);
  return again;
}

/** What a display shows that waits to be named: a code that can be read from across a hall, and where to enter it. */
export function Pair({ lang: initialLang }: { lang: Lang }) {
  const [lang, toggleLang] = useLang(initialLang);
  const [shown, setShown] = useState<Shown>({ at: "asking" });
  const [round, setRound] = useState(0);
  const again = useRef(false);
  useEffect(() => {
    if (askedAgain()) again.current = true;
    const pairing = new Pairing({ show: setShown, again: again.current });
    void pairing.run();
    return () => pairing.stop();
  }, [round]);
  useEffect(() => {
    // The wall begins with its identity, as a page of its own.
    if (shown.at === "found") window.location.replace(shown.wall);
  }, [shown]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === "l" || event.key === "L") toggleLang();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [toggleLang]);
  const pairAgain = useCallback(() => {
    again.current = true;
    setShown({ at: "asking" });
    setRound((n) => n + 1);
  }, []);
  if (shown.at === "withdrawn") return <Withdrawn title={shown.title} lang={lang} onPair={pairAgain} />;
  return (
    <main className="pair" data-pair={shown.at}>
      <h1>{word(lang, "title")}</h1>
      {shown.at === "code" ? (
        <Code {...shown} lang={lang} />
      ) : (
        <p className="pair-says" role="status">
          {word(lang, shown.at)}
        </p>
      )}
      <button type="button" className="pair-lang" onClick={toggleLang} title="L">
        {word(lang, "turn")}
      </button>
    </main>
  );
}

/** The code and what to do with it. It is spelled for who hears the page. */
function Code({ code, until, lang }: { code: string; until: number; lang: Lang }) {
  const left = useRef<HTMLTimeElement>(null);
  useEffect(() => {
    const tell = (): void => {
      if (left.current) left.current.textContent = leftWords(until - monotonic());
    };
    tell();
    return every(1_000, tell);
  }, [until]);
  return (
    <>
      <p className="pair-to">
        {word(lang, "open")} <b>{window.location.host}/displays</b>
      </p>
      <p className="pair-enter">{word(lang, "enter")}</p>
      <p className="pair-code figure" aria-label={[...code].join(" ")} role="img">
        {code}
      </p>
      <p className="pair-left">
        {word(lang, "left")} <time ref={left} className="figure" />
        <span>{word(lang, "turns")}</span>
      </p>
    </>
  );
}
