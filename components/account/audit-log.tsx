"use client";
import { useState, type FormEvent } from "react";
import type { AuditAnswer, AuditLine, AuditVerdict } from "@/lib/contract/api/audit";
import type { Lang } from "@/lib/contract/city";
import { formatNumber } from "@/components/ui/i18n";
import { whoText } from "@/components/ui/who";
import { actionText, detailText } from "./admin-words";
import { auditQuery, type AuditFields } from "./audit-query";
import { ActionButton, Field, Told } from "./form";
import { secondText } from "./moment";
import { SelectField } from "./select-field";
import { send } from "./send";
import { PlainPage, useWords } from "./shell";
import { useMe, useTold } from "./use-me";
import { word, type Refusal } from "./words";

/** Who did what: the log that nothing is taken out of, found by time, who, what and text, and taken out as a file. */
export function AuditLog({ lang }: { lang: Lang }) {
  return (
    <PlainPage title="audit" lang={lang}>
      <AuditPanel />
    </PlainPage>
  );
}

function AuditPanel() {
  const { told: me, refusal } = useMe();
  if (!me) return <Told refusal={refusal} />;
  return me.may.includes("audit") ? <Log /> : <Told refusal={{ code: "no-right" }} />;
}

function Log() {
  const lang = useWords();
  const [fields, setFields] = useState<AuditFields>({});
  const query = auditQuery(fields);
  const { told, refusal, again } = useTold<AuditAnswer>(`/api/v1/audit?${query}`);
  const search = (asked: AuditFields): void => {
    setFields(asked);
    again();
  };
  return (
    <section className="panel plain-panel audit">
      <p>{word(lang, "auditHint")}</p>
      <Verdict />
      <Filter actions={told?.actions ?? []} onSearch={search} />
      <Told refusal={refusal} />
      {/* Another search begins with its own first page. */}
      {told && !refusal && <Lines key={`${query} ${told.lines[0]?.seq}`} first={told} query={query} />}
      <div className="actions">
        {(["csv", "ndjson"] as const).map((format) => (
          <a key={format} href={`/api/v1/audit/export?${query}&format=${format}`} download={`audit.${format}`}>
            {word(lang, format === "csv" ? "asCsv" : "asLines")}
          </a>
        ))}
      </div>
    </section>
  );
}

function verdictText(lang: Lang, { ok, lines, forgotten, seq, fault }: AuditVerdict): string {
  const [kept, gone] = [lines, forgotten].map((count) => formatNumber(count, 0, lang));
  if (lang === "zh") {
    const before = forgotten > 0 ? `（之前${gone}行已过保存期限）` : "";
    if (ok) return `✓ 共${kept}行，均与写入时一致${before}`;
    return `第${seq}行${fault === "missing" ? "缺失" : "被改动"}；之前${kept}行与写入时一致${before}`;
  }
  const before = forgotten > 0 ? ` (behind ${gone} that were older than they are kept)` : "";
  if (ok) return `✓ ${kept} lines, each as it was written${before}`;
  return `Line ${seq} is ${fault}; the ${kept} before it are as they were written${before}`;
}

/** Whether the whole log is as it was written. */
function Verdict() {
  const lang = useWords();
  const { told, refusal } = useTold<AuditVerdict>("/api/v1/audit/verification");
  if (!told) return refusal ? <Told refusal={refusal} /> : <p>{word(lang, "checking")}</p>;
  return (
    <p className={told.ok ? "form-done" : "form-refused"} role={told.ok ? "status" : "alert"} data-verified={told.ok}>
      {verdictText(lang, told)}
    </p>
  );
}

function Filter({ actions, onSearch }: { actions: readonly string[]; onSearch: (fields: AuditFields) => void }) {
  const lang = useWords();
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const entries = [...new FormData(event.currentTarget)].map(([name, value]) => [
      name,
      typeof value === "string" ? value.trim() : "",
    ]);
    onSearch(Object.fromEntries(entries) as AuditFields);
  };
  return (
    <form className="form audit-filter" onSubmit={submit} role="search" aria-label={word(lang, "audit")}>
      <Field name="since" label="since" type="datetime-local" />
      <Field name="until" label="before" type="datetime-local" />
      <SelectField
        name="action"
        label="action"
        options={[["", word(lang, "anyAction")], ...actions.map((one) => [one, actionText(lang, one)] as const)]}
      />
      <Field name="who" label="who" maxLength={200} />
      <Field name="text" label="holding" maxLength={200} />
      <button type="submit" className="button-main">
        {word(lang, "find")}
      </button>
    </form>
  );
}

/** Lines page by page, the newest first. */
function Lines({ first, query }: { first: AuditAnswer; query: string }) {
  const lang = useWords();
  const [older, setOlder] = useState<AuditLine[]>([]);
  const [more, setMore] = useState(first.more);
  const [refused, setRefused] = useState<Refusal | null>(null);
  const lines = [...first.lines, ...older];
  const load = async (): Promise<Refusal | null> => {
    const { answer, refusal } = await send<AuditAnswer>("GET", `/api/v1/audit?${query}&before=${lines.at(-1)?.seq}`);
    if (answer) {
      setOlder([...older, ...answer.lines]);
      setMore(answer.more);
    }
    return refusal;
  };
  if (lines.length === 0) return <p>{word(lang, "noLines")}</p>;
  return (
    <>
      <ol className="audit-lines">
        {lines.map((line) => (
          <Line key={line.seq} line={line} />
        ))}
      </ol>
      <Told refusal={refused} />
      {more && (
        <div className="actions">
          <ActionButton label="older" send={load} onRefused={setRefused} />
        </div>
      )}
    </>
  );
}

function Line({ line: { seq, at, who, action, object, address, detail } }: { line: AuditLine }) {
  const lang = useWords();
  return (
    <li data-seq={seq}>
      <time className="figure" dateTime={new Date(at).toISOString()}>
        {secondText(at, lang)}
      </time>
      <div>
        <b>{actionText(lang, action)}</b> <span>{object}</span>
        <small>
          {whoText(lang, who)}
          {address && ` · ${address}`}
          {detail !== "{}" && ` · ${detailText(lang, detail)}`}
        </small>
      </div>
      <span className="figure audit-seq">{seq}</span>
    </li>
  );
}
