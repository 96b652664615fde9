"use client";
import { useState } from "react";
import type { RecoveryCodes as Made } from "@/lib/contract/api/second-factors";
import { PasswordAgain } from "./codes";
import { CopyButton } from "./copy-button";
import { recoveryLeftText } from "./factor-words";
import { Form } from "./form";
import { send } from "./send";
import { useWords } from "./shell";
import { word, type Refusal } from "./words";

/** Codes that count once each in the place of a second factor. @param left how many were not used yet */
export function RecoveryCodes({ left, onChanged }: { left: number; onChanged: () => void }) {
  const lang = useWords();
  const [codes, setCodes] = useState<string[] | null>(null);
  const make = async ({ current = "" }: Record<string, string>): Promise<Refusal | null> => {
    const { answer, refusal } = await send<Made>("POST", "/api/v1/account/recovery-codes", { current });
    if (answer) {
      setCodes(answer.codes);
      onChanged();
    }
    return refusal;
  };
  return (
    <section className="panel plain-panel">
      <h2>{word(lang, "recovery")}</h2>
      <p>{word(lang, "recoverySay")}</p>
      {codes === null && <p role="status">{recoveryLeftText(lang, left)}</p>}
      {codes ? (
        <Shown codes={codes} onClose={() => setCodes(null)} />
      ) : (
        <details className="fold">
          <summary>{word(lang, left === 0 ? "makeRecovery" : "makeRecoveryAgain")}</summary>
          {left > 0 && <p>{word(lang, "recoveryDie")}</p>}
          <Form label={left === 0 ? "makeRecovery" : "makeRecoveryAgain"} send={make}>
            {(refusal) => <PasswordAgain refusal={refusal} />}
          </Form>
        </details>
      )}
    </section>
  );
}

function Shown({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const lang = useWords();
  return (
    <div className="one-time" role="status">
      <ol className="recovery-codes figure" aria-label={word(lang, "recovery")}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <small>{word(lang, "recoveryOnce")}</small>
      <div className="actions">
        <CopyButton text={codes.join("\n")} />
        <button type="button" onClick={onClose}>
          {word(lang, "close")}
        </button>
      </div>
    </div>
  );
}
