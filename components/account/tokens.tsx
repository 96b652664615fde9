"use client";
import { useState } from "react";
import type { TokenOut, TokensAnswer } from "@/lib/contract/api/tokens";
import type { Lang } from "@/lib/contract/city";
import { Told } from "./form";
import { OneTimeSecret } from "./one-time-secret";
import { PlainPage, useWords } from "./shell";
import { TokenForm } from "./token-form";
import { TokenRow } from "./token-row";
import { nameOfToken, useFeeds } from "./use-feeds";
import { useMe, useTold } from "./use-me";
import { word } from "./words";

/** A token that was just made, and what it is for. */
export interface ShownToken {
  token: TokenOut;
  secret: string;
}

/** Tokens of programs: what each may do, until when, and when it was last used; here they are made, rotated and taken back. */
export function Tokens({ lang }: { lang: Lang }) {
  return (
    <PlainPage title="tokens" lang={lang}>
      <TokensPanel />
    </PlainPage>
  );
}

function TokensPanel() {
  const { told: me, refusal } = useMe();
  if (!me) return <Told refusal={refusal} />;
  return me.may.includes("tokens") ? <TokenList /> : <Told refusal={{ code: "no-right" }} />;
}

function TokenList() {
  const lang = useWords();
  const feeds = useFeeds();
  const { told, refusal, again } = useTold<TokensAnswer>("/api/v1/tokens");
  const [shown, setShown] = useState<ShownToken | null>(null);
  const made = (one: ShownToken): void => {
    setShown(one);
    again();
  };
  return (
    <section className="panel plain-panel">
      <p>{word(lang, "tokensHint")}</p>
      <Told refusal={refusal} />
      {shown && (
        <OneTimeSecret
          about={nameOfToken(feeds, lang, shown.token)}
          text={shown.secret}
          hint="tokenOnce"
          onClose={() => setShown(null)}
        />
      )}
      {told?.tokens.length === 0 && <p>{word(lang, "noTokens")}</p>}
      <ul className="rows">
        {told?.tokens.map((token) => (
          <TokenRow
            key={token.id}
            token={token}
            now={told.now}
            name={nameOfToken(feeds, lang, token)}
            onChanged={again}
            onMade={made}
          />
        ))}
      </ul>
      <TokenForm feeds={feeds} onMade={made} />
    </section>
  );
}
