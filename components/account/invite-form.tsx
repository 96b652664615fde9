"use client";
import { useState } from "react";
import type { OneTimeLink } from "@/lib/contract/api/accounts";
import { Form } from "./form";
import type { MadeLink } from "./people";
import { RightsFields, type Rights } from "./rights-fields";
import { send } from "./send";
import { useWords } from "./shell";
import type { Place } from "./use-places";
import { word, type Refusal } from "./words";

/** Makes a link with which somebody makes an account of his own. */
export function InviteForm({
  places,
  hasAll,
  onLink,
}: {
  places: Place[];
  hasAll: boolean;
  onLink: (link: MadeLink) => void;
}) {
  const lang = useWords();
  const [rights, setRights] = useState<Rights>({ role: "viewer", scopes: [] });
  const invite = async (): Promise<Refusal | null> => {
    const { answer, refusal } = await send<OneTimeLink>("POST", "/api/v1/people/invitations", rights);
    if (answer) onLink({ ...answer, for: { role: rights.role } });
    return refusal;
  };
  return (
    <details className="fold">
      <summary>{word(lang, "invite")}</summary>
      <p>{word(lang, "inviteHint")}</p>
      <Form label="makeLink" send={invite}>
        {() => <RightsFields rights={rights} onChange={setRights} places={places} hasAll={hasAll} />}
      </Form>
    </details>
  );
}
