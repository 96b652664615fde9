import type { ReactNode } from "react";

/** One of the page's frames: a title, what must be known to read it, and what it frames. */
export function Panel({
  area,
  title,
  note,
  children,
}: {
  area: string;
  title: ReactNode;
  note?: string;
  children: ReactNode;
}) {
  return (
    <section className="tile" style={{ gridArea: area }}>
      <header className="tile-head">
        <span>{title}</span>
        {note && <span className="analysis-note">{note}</span>}
      </header>
      <div className="tile-body">{children}</div>
    </section>
  );
}
