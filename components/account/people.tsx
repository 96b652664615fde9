"use client";
import { useState } from "react";
import type { Me, OneTimeLink, PeopleAnswer } from "@/lib/contract/api/accounts";
import type { Lang } from "@/lib/contract/city";
import type { Role } from "@/lib/contract/rights";
import { Told } from "./form";
import { InviteForm } from "./invite-form";
import { Links } from "./links";
import { Mappings } from "./mappings";
import { OneTime } from "./one-time";
import { OpenScreens } from "./open-screens";
import { PersonRow } from "./person-row";
import { SignInPolicy } from "./sign-in-policy";
import { PlainPage, useWords } from "./shell";
import { useMe, useTold } from "./use-me";
import { usePlaces } from "./use-places";
import { word } from "./words";

/** Everybody who may sign in, what he may do, and screens that ask for no sign-in. */
export function People({ lang }: { lang: Lang }) {
  return (
    <PlainPage title="people" lang={lang}>
      <PeoplePanels />
    </PlainPage>
  );
}

function PeoplePanels() {
  const { told: me, refusal } = useMe();
  if (!me) return <Told refusal={refusal} />;
  return (
    <>
      {me.may.includes("people") ? <PeopleList me={me} /> : <Told refusal={{ code: "no-right" }} />}
      {me.may.includes("open") && <OpenScreens />}
    </>
  );
}

/** A link that was just made, and whom it is for: somebody who has an account, or the role of a new one. */
export interface MadeLink extends OneTimeLink {
  for: { title: string } | { role: Role };
}

function PeopleList({ me }: { me: Me }) {
  const lang = useWords();
  const places = usePlaces();
  const { told, refusal, again } = useTold<PeopleAnswer>("/api/v1/people");
  const [link, setLink] = useState<MadeLink | null>(null);
  const hasAll = me.kind === "local" || me.scopes.some(({ city, districts }) => city === "*" && districts === "*");
  const made = (one: MadeLink): void => {
    setLink(one);
    again();
  };
  return (
    <>
      <section className="panel plain-panel">
        <h2>{word(lang, "people")}</h2>
        <Told refusal={refusal} />
        <ul className="rows">
          {told?.people.map((person) => (
            <PersonRow key={person.id} {...{ person, places, hasAll }} onChanged={again} onLink={made} />
          ))}
        </ul>
        {link && <OneTime link={link} onClose={() => setLink(null)} />}
        <InviteForm places={places} hasAll={hasAll} onLink={made} />
      </section>
      {told && told.invitations.length > 0 && (
        <Links invitations={told.invitations} places={places} onChanged={again} />
      )}
      {hasAll && <SignInPolicy />}
      {hasAll && <Mappings places={places} />}
    </>
  );
}
