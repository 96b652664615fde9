"use client";
import { useId } from "react";
import { CopyButton } from "./copy-button";
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
  return (
    <div className="one-time" role="status">
      <label htmlFor={id}>{about}</label>
      <input id={id} className="figure" value={text} readOnly onFocus={({ target }) => target.select()} />
      <small>{word(lang, hint)}</small>
      <div className="actions">
        <CopyButton text={text} />
        <button type="button" onClick={onClose}>
          {word(lang, "close")}
        </button>
      </div>
    </div>
  );
}
