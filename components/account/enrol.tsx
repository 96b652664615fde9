"use client";
import { useWords } from "./shell";
import { word } from "./words";

/** Says to who may do nothing else that a second factor has to be set up. */
export function EnrolFirst() {
  const lang = useWords();
  return (
    <section className="panel plain-panel">
      <h2>{word(lang, "enrol")}</h2>
      <p>{word(lang, "enrolSay")}</p>
    </section>
  );
}

/** Leads on who has set one up. @param to path of the page that asked for it */
export function Enrolled({ to }: { to: string }) {
  const lang = useWords();
  return (
    <section className="panel plain-panel" role="status">
      <h2>{word(lang, "enrolled")}</h2>
      <p>{word(lang, "enrolledSay")}</p>
      <div className="actions">
        {/* Loaded anew: what the page knew of who looks at it holds no more. */}
        <a href={to}>{word(lang, "goOn")}</a>
      </div>
    </section>
  );
}
