"use client";
import { useState } from "react";
import { useWords } from "./shell";
import { word } from "./words";

/** Takes a text along. A browser without TLS has no clipboard: there it can be marked and copied by hand. */
export function CopyButton({ text }: { text: string }) {
  const lang = useWords();
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <button type="button" onClick={() => void copy()}>
      {word(lang, isCopied ? "copied" : "copy")}
    </button>
  );
}
