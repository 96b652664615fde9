"use client";
import { useId } from "react";
import { useWords } from "./shell";
import { word, type Word } from "./words";

/** A list to choose from, its label above it. @param options values and what they are called, in the reader's language */
export function SelectField({
  name,
  label,
  options,
  value,
  onChange,
}: {
  name: string;
  label: Word;
  options: readonly (readonly [value: string, text: string])[];
  /** what is chosen, where the page goes by it; left out, the form alone knows */
  value?: string;
  onChange?: (value: string) => void;
}) {
  const id = useId();
  const lang = useWords();
  return (
    <div className="field">
      <label htmlFor={id}>{word(lang, label)}</label>
      <select
        id={id}
        name={name}
        {...(value === undefined ? {} : { value })}
        onChange={(event) => onChange?.(event.target.value)}
      >
        {options.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
