"use client";
import { useState } from "react";
import type { MadeToken, TokenRequest } from "@/lib/contract/api/tokens";
import { now } from "@/lib/clock";
import { Field, Form } from "./form";
import { SelectField } from "./select-field";
import { send } from "./send";
import { useWords } from "./shell";
import type { ShownToken } from "./tokens";
import { ANY_FEED, type CityFeeds } from "./use-feeds";
import { word, type Refusal } from "./words";

const DAY = 86_400_000;
/** Days for which a token may be made, and what they are called; none: without end. */
const TERMS = [
  ["90", "days90"],
  ["30", "days30"],
  ["365", "days365"],
  ["", "noEnd"],
] as const;

/** What a token may be for, and what that is called. */
const KINDS = [
  ["publish", "publishing"],
  ["monitor", "monitoring"],
] as const;

/** What the fields ask for. */
function requestOf({
  kind,
  city = "",
  feed = "",
  days = "",
  addresses = "",
  note = "",
  backfill,
}: Record<string, string>): TokenRequest {
  const networks = addresses.split(/[\s,，、]+/).filter(Boolean);
  return {
    ...(kind === "monitor" ? { kind } : { kind: "publish", city, feed, backfill: backfill !== undefined }),
    expires: days === "" ? null : now() + Number(days) * DAY,
    addresses: networks.length === 0 ? null : networks,
    note,
  };
}

/** Of a list the field is told as a whole. */
const wholeField = (refusal: Refusal | null): Refusal | null =>
  refusal?.field === undefined ? refusal : { ...refusal, field: refusal.field.split("[")[0] as string };

/** Of which city and feed. */
function FeedFields({ feeds }: { feeds: CityFeeds[] }) {
  const lang = useWords();
  const [chosen, setChosen] = useState<string | null>(null);
  const city = feeds.find(({ id }) => id === chosen) ?? feeds[0];
  if (!city) return null;
  const options = city.feeds.map(({ id, name }) => [id, name[lang]] as const);
  return (
    <>
      <SelectField
        name="city"
        label="city"
        value={city.id}
        onChange={setChosen}
        options={feeds.map(({ id, name }) => [id, name[lang]])}
      />
      <SelectField key={city.id} name="feed" label="feed" options={[...options, [ANY_FEED, word(lang, "allFeeds")]]} />
    </>
  );
}

/** Makes a token. */
export function TokenForm({ feeds, onMade }: { feeds: CityFeeds[]; onMade: (token: ShownToken) => void }) {
  const lang = useWords();
  const [kind, setKind] = useState("publish");
  const make = async (fields: Record<string, string>): Promise<Refusal | null> => {
    const { answer, refusal } = await send<MadeToken>("POST", "/api/v1/tokens", requestOf(fields));
    if (answer) onMade(answer);
    return wholeField(refusal);
  };
  return (
    <details className="fold">
      <summary>{word(lang, "newToken")}</summary>
      <Form label="makeToken" send={make}>
        {(refusal) => (
          <>
            <SelectField
              name="kind"
              label="purpose"
              value={kind}
              onChange={setKind}
              options={KINDS.map(([one, name]) => [one, word(lang, name)])}
            />
            {kind === "monitor" ? <p>{word(lang, "monitoringHint")}</p> : <FeedFields feeds={feeds} />}
            <SelectField name="days" label="ends" options={TERMS.map(([days, name]) => [days, word(lang, name)])} />
            <Field name="addresses" label="addresses" hint="addressesHint" refusal={refusal} />
            <Field name="note" label="note" refusal={refusal} maxLength={200} />
            {kind !== "monitor" && (
              <label className="choice">
                <input type="checkbox" name="backfill" />
                {word(lang, "backfill")}
              </label>
            )}
          </>
        )}
      </Form>
    </details>
  );
}
