"use client";
import { useState } from "react";
import type { SignInPolicy as Policy } from "@/lib/contract/api/sign-in-policy";
import { DEMANDS, type Demand } from "@/lib/contract/sign-in-policy";
import { DEMAND_WORDS } from "./factor-words";
import { Form, Told } from "./form";
import { SelectField } from "./select-field";
import { send } from "./send";
import { useWords } from "./shell";
import { useTold } from "./use-me";
import { word, type Refusal } from "./words";

/** Whom the site demands a second factor of. */
export function SignInPolicy() {
  const lang = useWords();
  const { told, refusal, again } = useTold<Policy>("/api/v1/sign-in-policy");
  const [chosen, setChosen] = useState<Demand | null>(null);
  const save = async ({ secondFactor = "" }: Record<string, string>): Promise<Refusal | null> => {
    const sent = await send("POST", "/api/v1/sign-in-policy", { secondFactor });
    again();
    return sent.refusal;
  };
  if (!told) return <Told refusal={refusal} />;
  return (
    <section className="panel plain-panel">
      <h2>{word(lang, "policy")}</h2>
      <p>{word(lang, "policySay")}</p>
      <Form label="save" send={save} done="policySet">
        {() => (
          <SelectField
            name="secondFactor"
            label="policyWhom"
            options={DEMANDS.map((one) => [one, DEMAND_WORDS[one][lang]] as const)}
            value={chosen ?? told.secondFactor}
            onChange={(value) => setChosen(value as Demand)}
          />
        )}
      </Form>
    </section>
  );
}
