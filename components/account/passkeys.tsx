"use client";
import { useSyncExternalStore } from "react";
import type { PasskeyOut } from "@/lib/contract/api/second-factors";
import { browserText } from "./browser-text";
import { PasswordAgain } from "./codes";
import { Field, Form } from "./form";
import { momentText } from "./moment";
import { makePasskey } from "./passkey";
import { send } from "./send";
import { useWords } from "./shell";
import { word, type Refusal } from "./words";

const never = () => () => {};
/** Whether this browser has passkeys; not while the page is made where there is none. */
const usePasskeys = (): boolean =>
  useSyncExternalStore(
    never,
    () => "PublicKeyCredential" in window,
    () => false,
  );

/** One's own passkeys. @param usable under the name that the page was opened by @param kept the last one cannot be removed */
export function Passkeys({
  passkeys,
  usable,
  kept,
  onChanged,
}: {
  passkeys: PasskeyOut[];
  usable: boolean;
  kept: boolean;
  onChanged: () => void;
}) {
  const lang = useWords();
  const hasPasskeys = usePasskeys();
  return (
    <section className="panel plain-panel">
      <h2>{word(lang, "passkeys")}</h2>
      <p>{word(lang, "passkeysSay")}</p>
      {passkeys.length > 0 && (
        <ul className="rows">
          {passkeys.map((passkey) => (
            <PasskeyRow key={passkey.id} passkey={passkey} kept={kept} onChanged={onChanged} />
          ))}
        </ul>
      )}
      {usable && hasPasskeys ? (
        <AddPasskey key={passkeys.length} onChanged={onChanged} />
      ) : (
        <small>{word(lang, "passkeysNeedName")}</small>
      )}
    </section>
  );
}

function PasskeyRow({ passkey, kept, onChanged }: { passkey: PasskeyOut; kept: boolean; onChanged: () => void }) {
  const lang = useWords();
  const { id, title, created, used } = passkey;
  const remove = async ({ current = "" }: Record<string, string>): Promise<Refusal | null> => {
    const { refusal } = await send("POST", `/api/v1/account/passkeys/${encodeURIComponent(id)}/remove`, { current });
    if (refusal === null || refusal.code === "not-there") onChanged();
    return refusal;
  };
  return (
    <li>
      <div>
        <b>{title}</b>
        <small>
          {word(lang, "added")} {momentText(created, lang)} ·{" "}
          {used === null ? word(lang, "notUsed") : `${word(lang, "lastUsed")} ${momentText(used, lang)}`}
        </small>
      </div>
      {kept ? (
        <small>{word(lang, "lastFactor")}</small>
      ) : (
        <details className="fold">
          <summary aria-label={`${word(lang, "remove")}: ${title}`}>{word(lang, "remove")}</summary>
          <Form label="remove" send={remove}>
            {(refusal) => <PasswordAgain refusal={refusal} />}
          </Form>
        </details>
      )}
    </li>
  );
}

function AddPasskey({ onChanged }: { onChanged: () => void }) {
  const lang = useWords();
  const add = async ({ title = "", current = "" }: Record<string, string>): Promise<Refusal | null> => {
    const refusal = await makePasskey(title, current);
    if (refusal === null) onChanged();
    return refusal;
  };
  return (
    <details className="fold">
      <summary>{word(lang, "addPasskey")}</summary>
      <Form label="addPasskey" send={add}>
        {(refusal) => (
          <>
            <Field
              name="title"
              label="passkeyTitle"
              refusal={refusal}
              defaultValue={browserText(navigator.userAgent)}
              required
              maxLength={80}
            />
            <PasswordAgain refusal={refusal} />
          </>
        )}
      </Form>
    </details>
  );
}
