"use client";
import { useState } from "react";
import type { OidcRefusal } from "@/lib/contract/oidc-refusals";
import type { SignInWays } from "@/lib/contract/api/second-factors";
import { tellSessionChanged } from "@/lib/live/session-change";
import { ActionButton, Told } from "./form";
import { signInWithPasskey } from "./passkey";
import { useWords } from "./shell";
import { useTold } from "./use-me";
import { word, type Refusal } from "./words";

/** Other ways to sign in than by a password, as far as there are any. @param refused why the issuer's way led back here */
export function OtherWays({ to, refused: cameBack }: { to: string; refused: OidcRefusal | null }) {
  const lang = useWords();
  const { told } = useTold<SignInWays>("/api/v1/session/ways");
  const [refused, setRefused] = useState<Refusal | null>(cameBack === null ? null : { code: cameBack });
  const withPasskey = async (): Promise<Refusal | null> => {
    const refusal = await signInWithPasskey();
    if (refusal === null) {
      tellSessionChanged();
      window.location.assign(to);
    }
    return refusal;
  };
  const canPasskey = told?.passkey === true && "PublicKeyCredential" in window;
  if (!canPasskey && !told?.oidc) return <Told refusal={refused} />;
  return (
    <div className="ways">
      <p>{word(lang, "or")}</p>
      {canPasskey && <ActionButton label="withPasskey" send={withPasskey} onRefused={setRefused} />}
      {told?.oidc && (
        // No page of this site, but the way to another one.
        <a className="button" href={`/api/v1/oidc/start?to=${encodeURIComponent(to)}`}>
          {word(lang, "withIssuer")} {told.oidc.title}
        </a>
      )}
      <Told refusal={refused} />
    </div>
  );
}
