"use client";
import Link from "next/link";
import { useState } from "react";
import type { OidcRefusal } from "@/lib/contract/oidc-refusals";
import type { Lang } from "@/lib/contract/city";
import type { DisplayStanding } from "@/lib/contract/api/displays";
import { sitePath } from "@/lib/contract/site-path";
import { ActionButton, Field, Form, Told } from "./form";
import { tellSessionChanged } from "@/lib/live/session-change";
import { send } from "./send";
import { PlainPage, useWords } from "./shell";
import { OtherWays } from "./sign-in-ways";
import { signOut, useMe, useTold } from "./use-me";
import { word, type Refusal } from "./words";

/** Where one signs in. @param to path of the page that asked for it @param refused why another system's way led back here */
export function SignIn({ lang, to, refused }: { lang: Lang; to: string | null; refused: OidcRefusal | null }) {
  return (
    <PlainPage title="signIn" lang={lang}>
      <SignInPanel to={sitePath(to)} refused={refused} />
    </PlainPage>
  );
}

function SignInPanel({ to, refused: cameBack }: { to: string; refused: OidcRefusal | null }) {
  const lang = useWords();
  const { told: me, refusal } = useMe();
  const [refused, setRefused] = useState<Refusal | null>(null);
  if (refusal) return <Told refusal={refusal} />;
  if (!me) return null;
  if (me.kind === "local")
    return (
      <section className="panel plain-panel">
        <p>{word(lang, "openHere")}</p>
        <Link href={to}>{word(lang, "goOn")}</Link>
      </section>
    );
  if (me.kind === "account")
    return (
      <section className="panel plain-panel">
        <p>
          {word(lang, "signedInAs")} <b>{me.title}</b>
        </p>
        <div className="actions">
          <a href={to}>{word(lang, "goOn")}</a>
          <ActionButton label="signOut" send={signOut} onRefused={setRefused} />
        </div>
        <AtDisplay />
        <Told refusal={refused} />
      </section>
    );
  return (
    <section className="panel plain-panel plain-form">
      <AtDisplay />
      <SignInForm to={to} />
      <OtherWays to={to} refused={cameBack} />
    </section>
  );
}

/** Says at a display what signing in there means: nobody stands before it who would sign out. */
function AtDisplay() {
  const lang = useWords();
  const { told } = useTold<DisplayStanding>("/api/v1/display");
  return told?.state === "paired" ? <p data-at-display>{word(lang, "atDisplay")}</p> : null;
}

function SignInForm({ to }: { to: string }) {
  const [isCodeAsked, setCodeAsked] = useState(false);
  const signIn = async ({ name = "", password = "", code }: Record<string, string>): Promise<Refusal | null> => {
    const { refusal } = await send("POST", "/api/v1/session", { name, password, ...(code ? { code } : {}) });
    if (refusal?.code === "second-factor") {
      setCodeAsked(true);
      return code ? refusal : null;
    }
    // Loaded anew: what the page knew of who looks at it holds no more.
    if (refusal === null) {
      tellSessionChanged();
      window.location.assign(to);
    }
    return refusal;
  };
  return (
    <Form label="signIn" send={signIn}>
      {(refusal) => (
        <>
          <Field name="name" label="name" autoComplete="username" required autoFocus maxLength={64} />
          <Field
            name="password"
            label="password"
            type="password"
            autoComplete="current-password"
            required
            maxLength={256}
          />
          {isCodeAsked && <CodeField refusal={refusal} />}
        </>
      )}
    </Form>
  );
}

/** What is asked for besides the password: six digits, or where the phone is lost one of the codes that stand for them. */
function CodeField({ refusal }: { refusal: Refusal | null }) {
  const lang = useWords();
  const [isLost, setLost] = useState(false);
  const more = { name: "code", refusal, required: true, autoFocus: true, maxLength: 64 } as const;
  return (
    <>
      {isLost ? (
        <Field key="recovery" label="recoveryCode" hint="recoveryHint" autoComplete="off" {...more} />
      ) : (
        <Field key="code" label="code" hint="codeHint" autoComplete="one-time-code" inputMode="numeric" {...more} />
      )}
      <button type="button" onClick={() => setLost(!isLost)}>
        {word(lang, isLost ? "withCode" : "withRecovery")}
      </button>
    </>
  );
}
