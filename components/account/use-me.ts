"use client";
import { useEffect, useState } from "react";
import type { Me } from "@/lib/contract/api/accounts";
import { tellSessionChanged } from "@/lib/live/session-change";
import { send } from "./send";
import type { Refusal } from "./words";

/** What an address of the API answers, and how it is asked anew; null until it has answered. */
export function useTold<T>(path: string): { told: T | null; refusal: Refusal | null; again: () => void } {
  const [state, setState] = useState<{ told: T | null; refusal: Refusal | null }>({ told: null, refusal: null });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let isOver = false;
    void send<T>("GET", path).then(({ answer, refusal }) => {
      if (!isOver) setState((before) => ({ told: answer ?? before.told, refusal }));
    });
    return () => {
      isOver = true;
    };
  }, [path, round]);
  return { ...state, again: () => setRound((n) => n + 1) };
}

/** Who looks at the page. */
export const useMe = () => useTold<Me>("/api/v1/me");

/** Ends the session, and goes where one signs in. */
export async function signOut(): Promise<Refusal | null> {
  const { refusal } = await send("DELETE", "/api/v1/session");
  if (refusal === null) {
    tellSessionChanged();
    window.location.assign("/sign-in");
  }
  return refusal;
}
