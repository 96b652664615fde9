"use client";
import { useId, useState, type InputHTMLAttributes, type ReactNode, type FormEvent } from "react";
import { useWords } from "./shell";
import { refusalText, word, type Refusal, type Word } from "./words";

/** What a form says after it was sent. */
export function Told({ refusal, done }: { refusal: Refusal | null; done?: Word | null }) {
  const lang = useWords();
  return (
    <>
      <p className="form-refused" role="alert">
        {refusal && refusalText(lang, refusal)}
      </p>
      <p className="form-done" role="status">
        {!refusal && done && word(lang, done)}
      </p>
    </>
  );
}

type InputOptions = Pick<
  InputHTMLAttributes<HTMLInputElement>,
  | "type"
  | "autoComplete"
  | "required"
  | "minLength"
  | "maxLength"
  | "inputMode"
  | "autoFocus"
  | "defaultValue"
  | "readOnly"
>;

/** A line to type into, its label above it. @param refusal of the form: this field says that it is the one that is wrong */
export function Field({
  name,
  label,
  hint,
  refusal,
  ...input
}: { name: string; label: Word; hint?: Word; refusal?: Refusal | null } & InputOptions) {
  const lang = useWords();
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{word(lang, label)}</label>
      <input
        id={id}
        name={name}
        spellCheck={false}
        autoCapitalize="none"
        aria-describedby={hint && `${id}-hint`}
        aria-invalid={refusal?.field === name}
        {...input}
      />
      {hint && <small id={`${id}-hint`}>{word(lang, hint)}</small>}
    </div>
  );
}

/** A form that is sent once at a time. @param send what is done with its fields; gives why it was refused, or null */
export function Form({
  label,
  send,
  done = null,
  children,
}: {
  label: Word;
  send: (fields: Record<string, string>) => Promise<Refusal | null>;
  done?: Word | null;
  children: (refusal: Refusal | null) => ReactNode;
}) {
  const lang = useWords();
  const [state, setState] = useState<{ busy: boolean; sent: boolean; refusal: Refusal | null }>({
    busy: false,
    sent: false,
    refusal: null,
  });
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = Object.fromEntries(
      [...new FormData(form)].map(([name, value]) => [name, typeof value === "string" ? value : ""]),
    );
    setState({ busy: true, sent: false, refusal: null });
    const refusal = await send(fields);
    setState({ busy: false, sent: refusal === null, refusal });
    if (refusal === null && done) form.reset();
  };
  return (
    // Sent by the browser itself, where scripts fail, what was typed must not come into an address.
    <form className="form" method="post" onSubmit={(event) => void submit(event)}>
      {children(state.refusal)}
      <Told refusal={state.refusal} done={state.sent ? done : null} />
      <button type="submit" className="button-main" disabled={state.busy}>
        {word(lang, label)}
      </button>
    </form>
  );
}

/** A button that does something by itself. @param send gives why it was refused, or null */
export function ActionButton({
  label,
  about,
  send,
  onRefused,
}: {
  label: Word;
  /** what it is done to, for who hears the page */
  about?: string;
  send: () => Promise<Refusal | null>;
  onRefused: (refusal: Refusal | null) => void;
}) {
  const lang = useWords();
  const [busy, setBusy] = useState(false);
  const click = async (): Promise<void> => {
    setBusy(true);
    onRefused(await send());
    setBusy(false);
  };
  const said = word(lang, label);
  return (
    <button
      type="button"
      disabled={busy}
      onClick={() => void click()}
      aria-label={about ? `${said}: ${about}` : undefined}
    >
      {said}
    </button>
  );
}
