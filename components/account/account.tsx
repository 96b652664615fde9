"use client";
import { useState } from "react";
import type { Me } from "@/lib/contract/api/accounts";
import type { SecondFactors } from "@/lib/contract/api/second-factors";
import type { Lang } from "@/lib/contract/city";
import { Codes } from "./codes";
import { ActionButton, Field, Form, Told } from "./form";
import { Passkeys } from "./passkeys";
import { send } from "./send";
import { Sessions } from "./sessions";
import { PlainPage, useWords } from "./shell";
import { signOut, useMe, useTold } from "./use-me";
import { nameIn, usePlaces } from "./use-places";
import { ROLE_WORDS, scopesText, word, type Refusal } from "./words";

/** One's own account: what one may do, one's password, and where one is signed in. */
export function Account({ lang }: { lang: Lang }) {
  return (
    <PlainPage title="account" lang={lang}>
      <AccountPanels />
    </PlainPage>
  );
}

function AccountPanels() {
  const lang = useWords();
  const { told: me, refusal } = useMe();
  if (refusal) return <Told refusal={refusal} />;
  if (!me) return null;
  if (me.kind !== "account")
    return <p className="panel plain-panel">{word(lang, me.kind === "local" ? "openHere" : "noAccount")}</p>;
  return (
    <>
      <Who me={me} />
      <Proofs name={me.name ?? ""} />
      <Sessions />
    </>
  );
}

/** How somebody proves who he is: his password, codes and passkeys, where they are kept here. */
function Proofs({ name }: { name: string }) {
  const lang = useWords();
  const { told, refusal, again } = useTold<SecondFactors>("/api/v1/account/second-factors");
  if (!told) return <Told refusal={refusal} />;
  if (!told.local) return <p className="panel plain-panel">{word(lang, "codesElsewhere")}</p>;
  return (
    <>
      <OwnPassword name={name} />
      <Codes on={told.totp} onChanged={again} />
      <Passkeys passkeys={told.passkeys} usable={told.name} onChanged={again} />
    </>
  );
}

function Who({ me }: { me: Me }) {
  const lang = useWords();
  const places = usePlaces();
  const [refused, setRefused] = useState<Refusal | null>(null);
  return (
    <section className="panel plain-panel">
      <h2>{me.title}</h2>
      <dl className="facts">
        <dt>{word(lang, "name")}</dt>
        <dd>{me.name}</dd>
        <dt>{word(lang, "role")}</dt>
        <dd>
          {me.role && ROLE_WORDS[me.role].name[lang]} <small>{me.role && ROLE_WORDS[me.role].says[lang]}</small>
        </dd>
        <dt>{word(lang, "where")}</dt>
        <dd>{scopesText(lang, me.scopes, nameIn(places, lang))}</dd>
      </dl>
      <div className="actions">
        <ActionButton label="signOut" send={signOut} onRefused={setRefused} />
      </div>
      <Told refusal={refused} />
    </section>
  );
}

function OwnPassword({ name }: { name: string }) {
  const lang = useWords();
  const change = async ({ current = "", password = "" }: Record<string, string>): Promise<Refusal | null> =>
    (await send("POST", "/api/v1/account/password", { current, password })).refusal;
  return (
    <section className="panel plain-panel">
      <h2>{word(lang, "changePassword")}</h2>
      <Form label="changePassword" send={change} done="passwordSet">
        {(refusal) => (
          <>
            {/* For password managers, which keep a password by the name beside it. */}
            <input type="text" name="name" autoComplete="username" defaultValue={name} readOnly hidden />
            <Field
              name="current"
              label="currentPassword"
              refusal={refusal}
              type="password"
              autoComplete="current-password"
              required
              maxLength={256}
            />
            <Field
              name="password"
              label="newPassword"
              hint="passwordHint"
              refusal={refusal}
              type="password"
              autoComplete="new-password"
              required
              minLength={12}
              maxLength={256}
            />
          </>
        )}
      </Form>
    </section>
  );
}
