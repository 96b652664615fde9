"use client";
import Link from "next/link";
import { useEffect, useRef, useState } from "react";
import type { Me } from "@/lib/contract/api/accounts";
import { tellSessionChanged } from "@/lib/live/session-change";
import { usePageContext } from "@/components/ui/page-context";
import { accountWord, officesOf, roleName } from "./account-words";

/** Who looks at the page, and what he may do besides; how one signs in where that is nobody. Nothing where nobody has to. */
export function AccountMenu({ me }: { me: Me | null }) {
  const { lang } = usePageContext();
  if (me?.kind === "account") return <Menu me={me} />;
  if (me?.kind !== "anonymous" || !me.closed) return null;
  return (
    <Link href="/sign-in" prefetch={false} data-account="none">
      {accountWord("signIn", lang)}
    </Link>
  );
}

/** Closes a menu for whoever goes on elsewhere, by hand or with Escape. */
function useClosing(menu: React.RefObject<HTMLDetailsElement | null>): void {
  useEffect(() => {
    const close = (): void => {
      if (menu.current) menu.current.open = false;
    };
    const onPoint = ({ target }: PointerEvent): void => {
      if (!menu.current?.contains(target as Node)) close();
    };
    const onKey = ({ key }: KeyboardEvent): void => {
      if (key !== "Escape" || !menu.current?.open) return;
      close();
      menu.current.querySelector("summary")?.focus();
    };
    document.addEventListener("pointerdown", onPoint);
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("pointerdown", onPoint);
      document.removeEventListener("keydown", onKey);
    };
  }, [menu]);
}

function Menu({ me }: { me: Me }) {
  const { lang } = usePageContext();
  const menu = useRef<HTMLDetailsElement>(null);
  const [failed, setFailed] = useState(false);
  useClosing(menu);
  const signOut = async (): Promise<void> => {
    const ended = await fetch("/api/v1/session", { method: "DELETE" }).then(
      ({ ok, status }) => ok || status === 401,
      () => false,
    );
    setFailed(!ended);
    if (!ended) return;
    tellSessionChanged();
    window.location.assign("/sign-in");
  };
  return (
    <details ref={menu} className="account-menu" data-account={me.name}>
      <summary>
        {me.title ?? me.name} {me.role && <small>{roleName(me.role, lang)}</small>}
      </summary>
      <div className="account-list">
        {(["account", ...officesOf(me.may)] as const).map((page) => (
          <Link key={page} href={`/${page}`} prefetch={false}>
            {accountWord(page, lang)}
          </Link>
        ))}
        <button type="button" onClick={() => void signOut()}>
          {accountWord("signOut", lang)}
        </button>
        <p role="alert">{failed && accountWord("signOutFailed", lang)}</p>
      </div>
    </details>
  );
}
