"use client";
import { useState } from "react";
import type { RotatedToken, TokenOut } from "@/lib/contract/api/tokens";
import type { Lang } from "@/lib/contract/city";
import { whoText } from "@/components/ui/who";
import { ActionButton, Form, Told } from "./form";
import { momentText } from "./moment";
import { SelectField } from "./select-field";
import { send } from "./send";
import { useWords } from "./shell";
import type { ShownToken } from "./tokens";
import { word, type Refusal } from "./words";

interface RowProps {
  token: TokenOut;
  /** the gateway's clock, ms */
  now: number;
  /** what it is called, by its city and feed */
  name: string;
  onChanged: () => void;
  onMade: (token: ShownToken) => void;
}

const hasEnded = ({ expires }: TokenOut, now: number): boolean => expires !== null && expires <= now;

/** How long a token holds. */
function endText(lang: Lang, { expires }: TokenOut, ended: boolean): string {
  if (expires === null) return word(lang, "endsNever");
  return `${word(lang, ended ? "endedAt" : "endsAt")} ${momentText(expires, lang)}`;
}

/** What a token may do, and what can be done with it. */
export function TokenRow(props: RowProps) {
  const { token, now, name } = props;
  const lang = useWords();
  const { id, used, addresses, backfill, replacedBy, note, created, madeBy } = token;
  const ended = hasEnded(token, now);
  const about = `${name} ${id}`;
  const marks = [
    used === null ? word(lang, "usedNever") : `${word(lang, "usedAt")} ${momentText(used, lang)}`,
    backfill ? word(lang, "mayBackfill") : "",
    addresses ? `${word(lang, "onlyFrom")} ${addresses.join(", ")}` : "",
    replacedBy === null ? "" : `${word(lang, "followedBy")} ${replacedBy}`,
  ].filter(Boolean);
  return (
    <li data-token={id} data-disabled={ended}>
      <div>
        <b>{name}</b> <span className="figure">{id}</span>
        <small data-ended={ended}>{endText(lang, token, ended)}</small>
        <small>{marks.join(" · ")}</small>
        <small>
          {momentText(created, lang)} {whoText(lang, madeBy)}
          {note && ` · ${note}`}
        </small>
      </div>
      {!ended && replacedBy === null && (
        <details className="fold">
          <summary aria-label={`${word(lang, "rotate")}: ${about}`}>{word(lang, "rotate")}</summary>
          <RotateForm {...props} />
        </details>
      )}
      <details className="fold">
        <summary aria-label={`${word(lang, "withdraw")}: ${about}`}>{word(lang, "withdraw")}</summary>
        <Withdraw {...props} />
      </details>
    </li>
  );
}

/** Seconds for which the older token stays valid. */
const GRACES = [
  ["86400", "graceDay"],
  ["3600", "graceHour"],
  ["604800", "graceWeek"],
  ["0", "graceNone"],
] as const;

function RotateForm({ token, onMade }: RowProps) {
  const lang = useWords();
  const rotate = async ({ grace = "" }: Record<string, string>): Promise<Refusal | null> => {
    const path = `/api/v1/tokens/${token.id}/rotation`;
    const { answer, refusal } = await send<RotatedToken>("POST", path, { grace: Number(grace) });
    if (answer) onMade(answer);
    return refusal;
  };
  return (
    <>
      <p>{word(lang, "rotateHint")}</p>
      <Form label="rotate" send={rotate}>
        {() => (
          <SelectField name="grace" label="grace" options={GRACES.map(([grace, text]) => [grace, word(lang, text)])} />
        )}
      </Form>
    </>
  );
}

function Withdraw({ token, name, onChanged }: RowProps) {
  const lang = useWords();
  const [refused, setRefused] = useState<Refusal | null>(null);
  const withdraw = async (): Promise<Refusal | null> => {
    const { refusal } = await send("DELETE", `/api/v1/tokens/${token.id}`);
    if (refusal === null) onChanged();
    return refusal;
  };
  return (
    <>
      <p>{word(lang, "withdrawHint")}</p>
      <div className="actions">
        <ActionButton label="withdrawNow" about={`${name} ${token.id}`} send={withdraw} onRefused={setRefused} />
      </div>
      <Told refusal={refused} />
    </>
  );
}
