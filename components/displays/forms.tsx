"use client";
import { useEffect, useRef, useState, type FormEvent } from "react";
import type { Lang } from "@/lib/contract/city";
import type { DisplayItem } from "@/lib/contract/api/displays";
import { Field, firstOf, ScreenFields, type At, type Place } from "./fields";
import { change, type Refused } from "./use-displays";
import { refusalWords, withdrawWords, word } from "./words";

/** Fields that a form has: what is refused of anything else is told beneath all of it. */
const FIELDS = ["code", "title", "city", "screen"];

/** What was refused of a form, by field. */
function useFaults(lang: Lang) {
  const [refused, setRefused] = useState<Refused | null>(null);
  const words = refused && refusalWords(lang, refused.code, refused.field);
  const isOfField = refused?.field !== undefined && FIELDS.includes(refused.field);
  return {
    faultOf: (field: string) => (refused?.field === field ? words : null),
    rest: isOfField ? null : words,
    setRefused,
  };
}

interface Common {
  lang: Lang;
  places: Place[];
  /** told once it was done */
  onDone: () => void;
}

/** Names the display that shows a code, and gives it a screen. */
export function ClaimForm({ lang, places, onDone }: Common) {
  const [code, setCode] = useState("");
  const [title, setTitle] = useState("");
  const [chosen, setChosen] = useState<At | null>(null);
  const at = chosen ?? firstOf(places);
  const [isDone, setDone] = useState(false);
  const { faultOf, rest, setRefused } = useFaults(lang);
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const refused = await change("POST", "/api/v1/displays", { code, title, ...at });
    setRefused(refused);
    setDone(refused === null);
    if (refused) return;
    setCode("");
    setTitle("");
    onDone();
  };
  return (
    <form className="plain-panel displays-claim" onSubmit={(event) => void send(event)} noValidate>
      <h2>{word(lang, "pairTitle")}</h2>
      <p className="displays-how">{word(lang, "pairHow")}</p>
      <Field name={word(lang, "code")} fault={faultOf("code")}>
        {(ids) => (
          <input
            {...ids}
            className="displays-code figure"
            value={code}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            maxLength={20}
            onChange={(event) => setCode(event.target.value.toUpperCase())}
          />
        )}
      </Field>
      <Field name={word(lang, "name")} fault={faultOf("title")}>
        {(ids) => (
          <input
            {...ids}
            value={title}
            autoComplete="off"
            maxLength={60}
            onChange={(event) => setTitle(event.target.value)}
          />
        )}
      </Field>
      <ScreenFields places={places} at={at} lang={lang} faultOf={faultOf} onChange={setChosen} />
      <button type="submit" className="displays-main">
        {word(lang, "pair")}
      </button>
      <p className="displays-said" role="status">
        {isDone ? word(lang, "done") : rest}
      </p>
    </form>
  );
}

/** Another name or another screen for a display. */
export function ChangeForm({
  lang,
  places,
  onDone,
  display,
  onCancel,
}: Common & { display: DisplayItem; onCancel: () => void }) {
  const [title, setTitle] = useState(display.title);
  const [at, setAt] = useState({ city: display.city, screen: display.screen });
  const { faultOf, rest, setRefused } = useFaults(lang);
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const refused = await change("POST", `/api/v1/displays/${display.id}`, { title, ...at });
    setRefused(refused);
    if (!refused) onDone();
  };
  const onEscape = (event: { key: string; stopPropagation: () => void }): void => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    onCancel();
  };
  return (
    <form className="displays-change" onSubmit={(event) => void send(event)} onKeyDown={onEscape} noValidate>
      <Field name={word(lang, "name")} fault={faultOf("title")}>
        {(ids) => (
          <input {...ids} value={title} autoFocus maxLength={60} onChange={(event) => setTitle(event.target.value)} />
        )}
      </Field>
      <ScreenFields places={places} at={at} lang={lang} faultOf={faultOf} onChange={setAt} />
      <button type="submit" className="displays-main">
        {word(lang, "save")}
      </button>
      <button type="button" onClick={onCancel}>
        {word(lang, "cancel")}
      </button>
      {rest !== null && (
        <p className="displays-said" role="alert">
          {rest}
        </p>
      )}
    </form>
  );
}

/** Asks before a display is withdrawn. */
export function WithdrawDialog({
  lang,
  display,
  onDone,
  onCancel,
}: Omit<Common, "places"> & { display: DisplayItem; onCancel: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { rest, faultOf, setRefused } = useFaults(lang);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  const send = async (): Promise<void> => {
    const refused = await change("DELETE", `/api/v1/displays/${display.id}`);
    setRefused(refused);
    if (!refused) onDone();
  };
  return (
    <dialog ref={dialog} className="displays-dialog" aria-labelledby="displays-withdraw" onCancel={onCancel}>
      <h2 id="displays-withdraw">{withdrawWords(lang, display.title)}</h2>
      <p>{word(lang, "willGo")}</p>
      <p className="displays-said" role="alert">
        {rest ?? faultOf("id")}
      </p>
      <div>
        <button type="button" autoFocus onClick={onCancel}>
          {word(lang, "cancel")}
        </button>
        <button type="button" className="displays-grave" onClick={() => void send()}>
          {word(lang, "withdraw")}
        </button>
      </div>
    </dialog>
  );
}
