"use client";
import { useState } from "react";
import type { TotpOffer } from "@/lib/contract/api/second-factors";
import { Field, Form } from "./form";
import { QrCode } from "./qr-code";
import { send } from "./send";
import { useWords } from "./shell";
import { word, type Refusal } from "./words";

/** Codes of an authenticator app: whether they are asked for, and how that is changed. @param kept they cannot be turned off */
export function Codes({ on, kept, onChanged }: { on: boolean; kept: boolean; onChanged: () => void }) {
  const lang = useWords();
  return (
    <section className="panel plain-panel">
      <h2>{word(lang, "codes")}</h2>
      <p>{word(lang, on ? "codesOn" : "codesOff")}</p>
      {on && <small>{word(lang, "codesLost")}</small>}
      <SetUp label={on ? "setUpAgain" : "setUp"} onChanged={onChanged} />
      {on && (kept ? <small>{word(lang, "lastFactor")}</small> : <TurnOff onChanged={onChanged} />)}
    </section>
  );
}

/** The password once more: whoever finds a page open changes nothing here. */
export function PasswordAgain({ refusal }: { refusal: Refusal | null }) {
  return (
    <Field
      name="current"
      label="currentPassword"
      refusal={refusal}
      type="password"
      autoComplete="current-password"
      required
      maxLength={256}
    />
  );
}

function TurnOff({ onChanged }: { onChanged: () => void }) {
  const lang = useWords();
  const remove = async ({ current = "" }: Record<string, string>): Promise<Refusal | null> => {
    const { refusal } = await send("POST", "/api/v1/account/totp/remove", { current });
    if (refusal === null) onChanged();
    return refusal;
  };
  return (
    <details className="fold">
      <summary>{word(lang, "turnOff")}</summary>
      <Form label="turnOff" send={remove}>
        {(refusal) => <PasswordAgain refusal={refusal} />}
      </Form>
    </details>
  );
}

function SetUp({ label, onChanged }: { label: "setUp" | "setUpAgain"; onChanged: () => void }) {
  const lang = useWords();
  const [offer, setOffer] = useState<TotpOffer | null>(null);
  const begin = async ({ current = "" }: Record<string, string>): Promise<Refusal | null> => {
    const { answer, refusal } = await send<TotpOffer>("POST", "/api/v1/account/totp/offer", { current });
    setOffer(answer);
    return refusal;
  };
  if (offer) return <Accept offer={offer} onChanged={onChanged} onOver={() => setOffer(null)} />;
  return (
    <details className="fold">
      <summary>{word(lang, label)}</summary>
      <Form label="next" send={begin}>
        {(refusal) => <PasswordAgain refusal={refusal} />}
      </Form>
    </details>
  );
}

function Accept({ offer, onChanged, onOver }: { offer: TotpOffer; onChanged: () => void; onOver: () => void }) {
  const lang = useWords();
  const accept = async ({ code = "" }: Record<string, string>): Promise<Refusal | null> => {
    const { refusal } = await send("POST", "/api/v1/account/totp", { offer: offer.offer, code });
    if (refusal === null) onChanged();
    if (refusal === null || refusal.code === "not-there") onOver();
    return refusal;
  };
  return (
    <div className="totp-offer">
      <QrCode text={offer.uri} label={word(lang, "qrCode")} />
      <div>
        <p>{word(lang, "scan")}</p>
        <p>
          <small>{word(lang, "byHand")}</small>
          <code className="figure">{offer.secret.replaceAll(/(.{4})(?=.)/g, "$1 ")}</code>
        </p>
        <Form label="confirm" send={accept}>
          {(refusal) => (
            <Field
              name="code"
              label="sixDigits"
              refusal={refusal}
              autoComplete="one-time-code"
              inputMode="numeric"
              required
              autoFocus
              maxLength={7}
            />
          )}
        </Form>
      </div>
    </div>
  );
}
