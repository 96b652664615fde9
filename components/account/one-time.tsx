"use client";
import { useId, useState } from "react";
import { momentText } from "./moment";
import type { MadeLink } from "./people";
import { useWords } from "./shell";
import { ROLE_WORDS, word } from "./words";

/** A link that is shown this once, to be handed on. */
export function OneTime({ link, onClose }: { link: MadeLink; onClose: () => void }) {
  const lang = useWords();
  const id = useId();
  const [isCopied, setCopied] = useState(false);
  const url = new URL(link.path, window.location.href).href;
  const copy = async (): Promise<void> => {
    // A browser without TLS has no clipboard; the link can be marked and copied by hand.
    await navigator.clipboard?.writeText(url).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <div className="one-time" role="status">
      <label htmlFor={id}>
        {"title" in link.for ? link.for.title : ROLE_WORDS[link.for.role].name[lang]} · {word(lang, "until")}{" "}
        {momentText(link.expires, lang)}
      </label>
      <input id={id} className="figure" value={url} readOnly onFocus={({ target }) => target.select()} />
      <small>{word(lang, "linkOnce")}</small>
      <div className="actions">
        <button type="button" onClick={() => void copy()}>
          {word(lang, isCopied ? "copied" : "copy")}
        </button>
        <button type="button" onClick={onClose}>
          {word(lang, "close")}
        </button>
      </div>
    </div>
  );
}
