"use client";
import { useState } from "react";
import type { RoleMappingOut, RoleMappingsAnswer } from "@/lib/contract/api/oidc";
import { ActionButton, Field, Form, Told } from "./form";
import { RightsFields, type Rights } from "./rights-fields";
import { send } from "./send";
import { useWords } from "./shell";
import { useTold } from "./use-me";
import { nameIn, type Place } from "./use-places";
import { ROLE_WORDS, scopesText, word, type Refusal } from "./words";

/** Which claims of the site's own issuer give which role; nothing where there is no issuer. */
export function Mappings({ places }: { places: Place[] }) {
  const lang = useWords();
  const { told, refusal, again } = useTold<RoleMappingsAnswer>("/api/v1/role-mappings");
  const [refused, setRefused] = useState<Refusal | null>(null);
  const remove = async (id: string): Promise<Refusal | null> => {
    const sent = await send("DELETE", `/api/v1/role-mappings/${id}`);
    again();
    return sent.refusal;
  };
  const about = ({ claim, value }: RoleMappingOut): string => `${claim} = ${value}`;
  if (!told?.issuer) return <Told refusal={refusal} />;
  return (
    <section className="panel plain-panel">
      <h2>
        {word(lang, "mappings")} · {told.issuer}
      </h2>
      <p>{word(lang, told.mappings.length === 0 ? "noMappings" : "mappingsSay")}</p>
      <ul className="rows">
        {told.mappings.map((one) => (
          <li key={one.id}>
            <div>
              <b className="figure">{about(one)}</b> <span>{ROLE_WORDS[one.role].name[lang]}</span>
              <small>{scopesText(lang, one.scopes, nameIn(places, lang))}</small>
            </div>
            <ActionButton label="remove" about={about(one)} send={() => remove(one.id)} onRefused={setRefused} />
          </li>
        ))}
      </ul>
      <Told refusal={refused} />
      <AddMapping key={told.mappings.length} places={places} onAdded={again} />
    </section>
  );
}

function AddMapping({ places, onAdded }: { places: Place[]; onAdded: () => void }) {
  const lang = useWords();
  const [rights, setRights] = useState<Rights>({ role: "viewer", scopes: [] });
  const add = async ({ claim = "", value = "" }: Record<string, string>): Promise<Refusal | null> => {
    const { refusal } = await send("POST", "/api/v1/role-mappings", { claim, value, ...rights });
    if (refusal === null) onAdded();
    return refusal;
  };
  return (
    <details className="fold">
      <summary>{word(lang, "addMapping")}</summary>
      <Form label="add" send={add}>
        {(refusal) => (
          <>
            <Field
              name="claim"
              label="claim"
              hint="claimHint"
              refusal={refusal}
              defaultValue="groups"
              required
              maxLength={200}
            />
            <Field name="value" label="claimValue" refusal={refusal} required maxLength={400} />
            <RightsFields rights={rights} onChange={setRights} places={places} hasAll />
          </>
        )}
      </Form>
    </details>
  );
}
