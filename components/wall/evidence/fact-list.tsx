import type { Fact } from "./told";

/** Facts, each under its name, with the reason where there is one. */
export function FactList({ facts }: { facts: Fact[] }) {
  if (facts.length === 0) return null;
  return (
    <dl className="evidence-facts">
      {facts.map(({ key, term, text, note }) => (
        <div key={key} data-fact={key}>
          <dt>{term}</dt>
          <dd>
            {text}
            {note !== undefined && <small>{note}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
