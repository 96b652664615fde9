import type { Problem } from "./api/problem";
import type { BatchAnswer } from "./api/publish";

/** What a refusal may hold: problem details, what came of a batch, or, from something in between, neither. */
type Refused = Partial<Problem> & Partial<BatchAnswer>;

function wordsOf(text: string, { status, statusText }: Response): string {
  const plain = `${status} ${statusText}`;
  try {
    const { detail, error, rejected } = JSON.parse(text) as Refused;
    return detail ?? error?.message ?? rejected?.[0]?.detail ?? plain;
  } catch {
    return plain;
  }
}

/** What the gateway answered. @throws Error with its own words where it refused */
export async function readAnswer<T>(response: Response): Promise<T> {
  const text = await response.text();
  if (!response.ok) throw new Error(wordsOf(text, response));
  return JSON.parse(text) as T;
}
