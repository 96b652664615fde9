import type { Problem } from "@/lib/contract/api/problem";
import type { Refusal } from "./words";

/** What came of asking the API: its answer, or why it refused. */
export type Sent<T> = { answer: T; refusal: null } | { answer: null; refusal: Refusal };

/** What is no refusal of the gateway, but of something in between, names no code. */
function refusalIn({ code, field }: Partial<Problem>, wait: string | null): Refusal {
  return {
    code: code ?? "unreachable",
    ...(field === undefined ? {} : { field }),
    ...(wait === null ? {} : { wait: Number(wait) }),
  };
}

/** Asks the API for something and waits for what comes of it; never throws. */
export async function send<T>(method: "GET" | "POST" | "DELETE", path: string, body?: object): Promise<Sent<T>> {
  try {
    const response = await fetch(path, {
      method,
      ...(body ? { headers: { "content-type": "application/json" }, body: JSON.stringify(body) } : {}),
    });
    const told = (await response.json()) as unknown;
    if (response.ok) return { answer: told as T, refusal: null };
    return { answer: null, refusal: refusalIn(told as Partial<Problem>, response.headers.get("retry-after")) };
  } catch {
    return { answer: null, refusal: { code: "unreachable" } };
  }
}
