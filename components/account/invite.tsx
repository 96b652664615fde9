"use client";
import { useEffect, useState, useSyncExternalStore } from "react";
import type { InvitationAnswer } from "@/lib/contract/api/accounts";
import type { Lang } from "@/lib/contract/city";
import { tellSessionChanged } from "@/lib/live/session-change";
import { Field, Form, Told } from "./form";
import { send } from "./send";
import { PlainPage, useWords } from "./shell";
import { ROLE_WORDS, scopesText, word, type PlaceNames, type Refusal } from "./words";
import { momentText } from "./moment";

const onHash = (listener: () => void): (() => void) => {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
};
const hash = (): string => window.location.hash.slice(1);
/** While the page is rendered on the server: what stands behind `#` is never sent there. */
const unknown = (): null => null;

/** Where a one-time link leads. Its secret stands behind `#`, which browsers send to nobody, so no log and no referrer has it. */
export function Invite({ lang }: { lang: Lang }) {
  const secret = useSyncExternalStore(onHash, hash, unknown);
  return (
    <PlainPage title="oneTimeLink" lang={lang}>
      {secret !== null && <Invited key={secret} secret={secret} />}
    </PlainPage>
  );
}

function Invited({ secret }: { secret: string }) {
  const lang = useWords();
  const [told, setTold] = useState<{ answer: InvitationAnswer | null; refusal: Refusal | null } | null>(null);
  useEffect(() => {
    if (secret !== "") void send<InvitationAnswer>("POST", "/api/v1/invitation", { secret }).then(setTold);
  }, [secret]);
  if (secret === "") return <p className="form-refused">{word(lang, "noSecret")}</p>;
  if (!told) return null;
  if (told.refusal?.code === "not-there") return <p className="form-refused">{word(lang, "gone")}</p>;
  if (!told.answer) return <Told refusal={told.refusal} />;
  return <Accept secret={secret} invitation={told.answer} />;
}

const named =
  (names: InvitationAnswer["names"], lang: Lang): PlaceNames =>
  (city, district = "all") =>
    names.find((one) => one.city === city && one.district === district)?.name[lang] ??
    (district === "all" ? city : district);

function Accept({ secret, invitation }: { secret: string; invitation: InvitationAnswer }) {
  const lang = useWords();
  const { kind, name, role, scopes, names, expires } = invitation;
  const accept = async (fields: Record<string, string>): Promise<Refusal | null> => {
    const { title, password = "" } = fields;
    const own = kind === "invite" ? { name: fields.name, ...(title?.trim() ? { title } : {}) } : {};
    const { refusal } = await send("POST", "/api/v1/invitation/accept", { secret, password, ...own });
    if (refusal === null) {
      tellSessionChanged();
      window.location.replace("/");
    }
    return refusal?.code === "not-there" ? { code: "not-there" } : refusal;
  };
  return (
    <section className="panel plain-panel plain-form">
      <h2>{word(lang, kind === "reset" ? "reset" : "invitation")}</h2>
      {role && (
        <p>
          <b>{ROLE_WORDS[role].name[lang]}</b> · {scopesText(lang, scopes, named(names, lang))}
        </p>
      )}
      <Form label={kind === "reset" ? "setPassword" : "createAccount"} send={accept}>
        {(refusal) => (
          <>
            {kind === "reset" ? (
              <Field name="name" label="name" autoComplete="username" defaultValue={name ?? ""} readOnly />
            ) : (
              <>
                <Field
                  name="name"
                  label="name"
                  hint="nameHint"
                  refusal={refusal}
                  autoComplete="username"
                  required
                  autoFocus
                  maxLength={64}
                />
                <Field name="title" label="title" refusal={refusal} autoComplete="name" maxLength={80} />
              </>
            )}
            <Field
              name="password"
              label={kind === "reset" ? "newPassword" : "password"}
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
      <small>
        {word(lang, "holdsUntil")} {momentText(expires, lang)}
      </small>
    </section>
  );
}
