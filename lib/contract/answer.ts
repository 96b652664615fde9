import type { Problem, ProblemCode } from "./api/problem";
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

/** A refusal in the gateway's own words, and by which code; null where something in between refused. */
export class GatewayRefusal extends Error {
  constructor(
    message: string,
    readonly code: ProblemCode | null,
  ) {
    super(message);
  }
}

function codeOf(text: string): ProblemCode | null {
  try {
    return (JSON.parse(text) as Refused).code ?? null;
  } catch {
    return null;
  }
}

/** What the gateway answered. @throws GatewayRefusal with its own words where it refused */
export async function readAnswer<T>(response: Response): Promise<T> {
  const text = await response.text();
  if (!response.ok) throw new GatewayRefusal(wordsOf(text, response), codeOf(text));
  return JSON.parse(text) as T;
}
