"use client";
import { useState } from "react";
import type { OneTimeLink, PersonOut, PersonRequest } from "@/lib/contract/api/accounts";
import { ActionButton, Field, Form, Told } from "./form";
import { momentText } from "./moment";
import type { MadeLink } from "./people";
import { RightsFields, type Rights } from "./rights-fields";
import { send } from "./send";
import { useWords } from "./shell";
import { nameIn, type Place } from "./use-places";
import { ROLE_WORDS, scopesText, word, type Refusal } from "./words";

interface RowProps {
  person: PersonOut;
  places: Place[];
  hasAll: boolean;
  onChanged: () => void;
  onLink: (link: MadeLink) => void;
}

/** Somebody who may sign in, and what can be changed of him. */
export function PersonRow(props: RowProps) {
  const { person, places } = props;
  const lang = useWords();
  const { name, title, role, scopes, disabled, seen, secondFactor, elsewhere } = person;
  const marks = [
    disabled ? word(lang, "disabled") : "",
    secondFactor ? word(lang, "secondFactor") : "",
    elsewhere ? word(lang, "elsewhere") : "",
    seen === null ? word(lang, "never") : `${word(lang, "lastUsed")} ${momentText(seen, lang)}`,
  ].filter(Boolean);
  return (
    <li data-person={name} data-disabled={disabled}>
      <div>
        <b>{title}</b> {title !== name && <span>{name}</span>}
        <small>
          {ROLE_WORDS[role].name[lang]} · {scopesText(lang, scopes, nameIn(places, lang))}
        </small>
        <small>{marks.join(" · ")}</small>
      </div>
      <details className="fold">
        <summary aria-label={`${word(lang, "change")}: ${title}`}>{word(lang, "change")}</summary>
        <PersonForm {...props} />
      </details>
    </li>
  );
}

function PersonForm({ person, places, hasAll, onChanged, onLink }: RowProps) {
  const lang = useWords();
  const [rights, setRights] = useState<Rights>({ role: person.role, scopes: person.scopes });
  const [refused, setRefused] = useState<Refusal | null>(null);
  const path = `/api/v1/people/${person.id}`;
  const change = async (what: PersonRequest | (Rights & { title: string })): Promise<Refusal | null> => {
    const { refusal } = await send("POST", path, what);
    if (refusal === null) onChanged();
    return refusal;
  };
  const reset = async (): Promise<Refusal | null> => {
    const { answer, refusal } = await send<OneTimeLink>("POST", `${path}/reset`);
    if (answer) onLink({ ...answer, for: { title: person.title } });
    return refusal;
  };
  return (
    <>
      <Form label="save" send={({ title = "" }) => change({ ...rights, title })}>
        {(refusal) => (
          <>
            <Field name="title" label="title" refusal={refusal} defaultValue={person.title} required maxLength={80} />
            <RightsFields rights={rights} onChange={setRights} places={places} hasAll={hasAll} />
          </>
        )}
      </Form>
      <div className="actions">
        <ActionButton
          label={person.disabled ? "enable" : "disable"}
          about={person.title}
          send={() => change({ disabled: !person.disabled })}
          onRefused={setRefused}
        />
        {!person.elsewhere && (
          <ActionButton label="resetLink" about={person.title} send={reset} onRefused={setRefused} />
        )}
      </div>
      {!person.elsewhere && <small>{word(lang, "resetHint")}</small>}
      <Told refusal={refused} />
    </>
  );
}
