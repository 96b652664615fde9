"use client";
import { useState } from "react";
import type { InvitationOut } from "@/lib/contract/api/accounts";
import { whoText } from "@/components/ui/who";
import { ActionButton, Told } from "./form";
import { momentText } from "./moment";
import { send } from "./send";
import { useWords } from "./shell";
import { nameIn, type Place } from "./use-places";
import { ROLE_WORDS, scopesText, word, type Refusal } from "./words";

/** Links that were not used yet. */
export function Links({
  invitations,
  places,
  onChanged,
}: {
  invitations: InvitationOut[];
  places: Place[];
  onChanged: () => void;
}) {
  const lang = useWords();
  const [refused, setRefused] = useState<Refusal | null>(null);
  const takeBack = async (id: string): Promise<Refusal | null> => {
    const { refusal } = await send("DELETE", `/api/v1/people/invitations/${id}`);
    onChanged();
    return refusal;
  };
  const about = ({ name, role }: InvitationOut): string =>
    name === null
      ? `${word(lang, "forNew")}${role ? ` · ${ROLE_WORDS[role].name[lang]}` : ""}`
      : `${word(lang, "forReset")} ${name}`;
  return (
    <section className="panel plain-panel">
      <h2>{word(lang, "openLinks")}</h2>
      <ul className="rows">
        {invitations.map((one) => (
          <li key={one.id}>
            <div>
              <b>{about(one)}</b> {one.role && scopesText(lang, one.scopes, nameIn(places, lang))}
              <small>
                {word(lang, "madeBy")} {whoText(lang, one.madeBy)} · {word(lang, "until")}{" "}
                {momentText(one.expires, lang)}
              </small>
            </div>
            <ActionButton label="takeBack" about={about(one)} send={() => takeBack(one.id)} onRefused={setRefused} />
          </li>
        ))}
      </ul>
      <Told refusal={refused} />
    </section>
  );
}
