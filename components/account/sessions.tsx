"use client";
import { useState } from "react";
import type { SessionsAnswer } from "@/lib/contract/api/accounts";
import { browserText } from "./browser-text";
import { ActionButton, Told } from "./form";
import { momentText } from "./moment";
import { send } from "./send";
import { useWords } from "./shell";
import { useTold } from "./use-me";
import { word, type Refusal } from "./words";

/** Where somebody is signed in, each of which he can end. */
export function Sessions() {
  const lang = useWords();
  const { told, refusal, again } = useTold<SessionsAnswer>("/api/v1/account/sessions");
  const [refused, setRefused] = useState<Refusal | null>(null);
  const end = async (path: string): Promise<Refusal | null> => {
    const sent = await send("DELETE", path);
    again();
    return sent.refusal;
  };
  if (!told) return <Told refusal={refusal} />;
  const others = told.sessions.filter(({ current }) => !current).length;
  return (
    <section className="panel plain-panel">
      <h2>{word(lang, "sessions")}</h2>
      <ul className="rows">
        {told.sessions.map(({ id, current, agent, address, created, seen }) => (
          <li key={id}>
            <div>
              <b>{browserText(agent)}</b> <span className="figure">{address}</span>
              <small>
                {word(lang, "began")} {momentText(created, lang)} · {word(lang, "lastUsed")} {momentText(seen, lang)}
              </small>
            </div>
            {current ? (
              <em>{word(lang, "thisOne")}</em>
            ) : (
              <ActionButton
                label="endOne"
                about={`${browserText(agent)} ${address}`}
                send={() => end(`/api/v1/account/sessions/${id}`)}
                onRefused={setRefused}
              />
            )}
          </li>
        ))}
      </ul>
      {others > 0 && (
        <div className="actions">
          <ActionButton label="endOthers" send={() => end("/api/v1/account/sessions")} onRefused={setRefused} />
        </div>
      )}
      <Told refusal={refused} />
    </section>
  );
}
