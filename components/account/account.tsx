"use client";
import { useState } from "react";
import type { Me } from "@/lib/contract/api/accounts";
import type { SecondFactors } from "@/lib/contract/api/second-factors";
import type { Lang } from "@/lib/contract/city";
import { sitePath } from "@/lib/contract/site-path";
import { Codes } from "./codes";
import { Enrolled, EnrolFirst } from "./enrol";
import { ActionButton, Field, Form, Told } from "./form";
import { Passkeys } from "./passkeys";
import { RecoveryCodes } from "./recovery-codes";
import { send } from "./send";
import { Sessions } from "./sessions";
import { PlainPage, useWords } from "./shell";
import { signOut, useMe, useTold } from "./use-me";
import { nameIn, usePlaces } from "./use-places";
import { ROLE_WORDS, scopesText, word, type Refusal } from "./words";

/**
 * One's own account: what one may do, one's password, and where one is signed in; where a second factor has to be set up first, that alone.
 * @param to path of the page that led here for that
 */
export function Account({ lang, to }: { lang: Lang; to: string | null }) {
  return (
    <PlainPage title="account" lang={lang}>
      <AccountPanels to={sitePath(to)} />
    </PlainPage>
  );
}

function AccountPanels({ to }: { to: string }) {
  const lang = useWords();
  const { told: me, refusal, again } = useMe();
  const [hasEnrolled, setEnrolled] = useState(false);
  if (refusal) return <Told refusal={refusal} />;
  if (!me) return null;
  if (me.kind !== "account")
    return <p className="panel plain-panel">{word(lang, me.kind === "local" ? "openHere" : "noAccount")}</p>;
  const onFactors = (): void => {
    if (me.enrolling) setEnrolled(true);
    again();
  };
  return (
    <>
      {me.enrolling && <EnrolFirst />}
      {!me.enrolling && hasEnrolled && <Enrolled to={to} />}
      <Who me={me} />
      <Proofs me={me} onFactors={onFactors} />
      {!me.enrolling && <Sessions />}
    </>
  );
}

/** How somebody proves who he is: his password, codes and passkeys, where they are kept here. @param onFactors told of each change */
function Proofs({ me, onFactors }: { me: Me; onFactors: () => void }) {
  const lang = useWords();
  const { told, refusal, again } = useTold<SecondFactors>("/api/v1/account/second-factors");
  if (!told) return <Told refusal={refusal} />;
  if (!told.local) return <p className="panel plain-panel">{word(lang, "codesElsewhere")}</p>;
  const changed = (): void => {
    again();
    onFactors();
  };
  const { totp, passkeys, recoveryCodes, demanded } = told;
  const count = passkeys.length + (totp ? 1 : 0);
  const factors = { kept: demanded && count === 1, onChanged: changed };
  return (
    <>
      {!me.enrolling && <OwnPassword name={me.name ?? ""} />}
      <Codes on={totp} {...factors} />
      <Passkeys passkeys={passkeys} usable={told.name} {...factors} />
      {!me.enrolling && count > 0 && <RecoveryCodes left={recoveryCodes} onChanged={again} />}
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
