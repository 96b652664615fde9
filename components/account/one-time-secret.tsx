"use client";
import { useId, useState } from "react";
import { useWords } from "./shell";
import { word, type Word } from "./words";

/** A text that is shown this once, to be handed on. @param about what it is for */
export function OneTimeSecret({
  about,
  text,
  hint,
  onClose,
}: {
  about: string;
  text: string;
  hint: Word;
  onClose: () => void;
}) {
  const lang = useWords();
  const id = useId();
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    // A browser without TLS has no clipboard; the text can be marked and copied by hand.
    await navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <div className="one-time" role="status">
      <label htmlFor={id}>{about}</label>
      <input id={id} className="figure" value={text} readOnly onFocus={({ target }) => target.select()} />
      <small>{word(lang, hint)}</small>
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
