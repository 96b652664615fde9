/** Sends requests by chance and looks at each answer. */
import { Agent, request, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { checkAnswer } from "../lib/gateway/checked-fetch";
import type { Chance } from "./chance";
import { makeRequest, type HttpInput } from "./requests";
import type { Known } from "./values";
import { breachIn, deedOf, type Mark, type Visitor } from "./visitors";

/** Most ms that an answer may take. */
const PATIENCE = 30_000;
/** Words that no answer about a mistake of the asker's has any business to hold. */
const INNER = /\n\s+at |node_modules|\bSELECT\b|\bBinder Error|\brelation "|duckdb|postgres|ECONN|ENOENT|EACCES/i;

/** What came of the requests. */
export interface HttpTally {
  sent: number;
  byStatus: Map<number, number>;
  /** what no answer may be, with the request */
  faults: string[];
}

interface Answer {
  status: number;
  headers: Headers;
  body: Buffer;
}

async function bodyOf(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function send(base: URL, input: HttpInput, agent: Agent): Promise<Answer | null> {
  return new Promise((resolve, reject) => {
    const { method, target, headers, body } = input;
    const length = body ? { "content-length": String(body.length) } : {};
    const call = request(
      { host: base.hostname, port: base.port, agent, method, path: target, headers: { ...length, ...headers } },
      (answer) => {
        const flat = new Headers(
          Object.entries(answer.headers).flatMap(([name, value]) =>
            value === undefined ? [] : ([[name, String(value)]] as [string, string][]),
          ),
        );
        bodyOf(answer).then((bytes) => resolve({ status: answer.statusCode ?? 0, headers: flat, body: bytes }), reject);
      },
    );
    call.setTimeout(PATIENCE, () => call.destroy(new Error(`no answer within ${PATIENCE / 1000} s`)));
    call.on("upgrade", (_answer, socket) => {
      socket.destroy();
      resolve(null);
    });
    // Hung up on in the middle of a body that is too long: the answer may be lost with it.
    call.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "ECONNRESET" || error.code === "EPIPE" ? resolve(null) : reject(error),
    );
    call.end(body ?? undefined);
  });
}

/** Writes a request as it is, waits for the first bytes of an answer or a while, and hangs up. */
function sendRaw(base: URL, { method, target, headers, body }: HttpInput): Promise<null> {
  return new Promise((resolve) => {
    const socket = connect(Number(base.port), base.hostname, () => {
      const all = { host: base.host, ...(body ? { "content-length": String(body.length) } : {}), ...headers };
      const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`${method} ${target} HTTP/1.1\r\n${lines.join("")}\r\n`);
      if (body) socket.write(body);
    });
    socket.setTimeout(300, () => socket.destroy());
    socket.once("data", () => socket.destroy());
    socket.on("error", () => {});
    socket.on("close", () => resolve(null));
  });
}

async function faultOf(base: URL, { method, target }: HttpInput, answer: Answer): Promise<string | null> {
  const { status, headers, body } = answer;
  if (status === 500 || status === 502 || status === 504) return `${status}: ${body.toString().slice(0, 300)}`;
  if (!headers.has("x-content-type-options")) return `${status} without x-content-type-options`;
  const type = headers.get("content-type") ?? "";
  if (status >= 400 && /json|html|plain/.test(type) && INNER.test(body.toString().replaceAll(target, "")))
    return `${status} tells of what is inside: ${body.toString().slice(0, 300)}`;
  const empty = method === "HEAD" || status === 204 || status === 304;
  const url = URL.canParse(target, base.origin) ? new URL(target, base.origin) : null;
  if (!url || url.origin !== base.origin || status < 200) return null;
  return checkAnswer(url.href, method, new Response(empty ? null : new Uint8Array(body), { status, headers })).then(
    () => null,
    (error: Error) => error.message.slice(0, 600),
  );
}

/** What changes who may what is asked for by those alone who may not: what the others did would be right. */
const GOVERNS = /^\/api\/v1\/(people|open-screens|sign-in-policy|session|account|invitation)/;

/** Who makes a request. */
function visitorFor(visitors: readonly Visitor[], { method, target }: HttpInput, chance: Chance): Visitor | undefined {
  const harmless = method === "GET" || method === "HEAD" || !GOVERNS.test(target);
  const possible = harmless ? visitors : visitors.filter(({ sees }) => sees?.length === 0);
  return possible.length > 0 ? chance.of(possible) : undefined;
}

function breachOf(
  visitor: Visitor,
  { method, target }: HttpInput,
  answer: Answer,
  marks: readonly Mark[],
): string | null {
  const type = answer.headers.get("content-type") ?? "";
  return breachIn(visitor, answer.body, marks) ?? deedOf(visitor, method, target, answer.status, type);
}

interface HttpStorm {
  count: number;
  width: number;
  chance: Chance;
  known: Known;
  token: string;
  /** who comes, where everybody signs in */
  visitors?: readonly Visitor[];
  marks?: readonly Mark[];
}

/** Sends `count` requests, `width` at a time. */
export async function httpStorm(
  url: string,
  { count, width, chance, known, token, visitors = [], marks = [] }: HttpStorm,
): Promise<HttpTally> {
  const base = new URL(url);
  const agent = new Agent({ keepAlive: true, maxSockets: width });
  const tally: HttpTally = { sent: 0, byStatus: new Map(), faults: [] };
  async function worker(): Promise<void> {
    while (tally.sent < count) {
      tally.sent++;
      const input = makeRequest(chance, known, token);
      const visitor = visitorFor(visitors, input, chance);
      if (visitor?.cookie !== undefined) input.headers.cookie = visitor.cookie;
      const said = `${input.method} ${input.target.slice(0, 300)} ${input.body?.subarray(0, 300).toString() ?? ""}`;
      try {
        const answer = await (input.raw ? sendRaw(base, input) : send(base, input, agent));
        if (!answer) continue;
        tally.byStatus.set(answer.status, (tally.byStatus.get(answer.status) ?? 0) + 1);
        const fault = (visitor && breachOf(visitor, input, answer, marks)) ?? (await faultOf(base, input, answer));
        if (fault) tally.faults.push(`${said}\n    ${fault}`);
      } catch (error) {
        tally.faults.push(`${said}\n    ${(error as Error).message}`);
      }
    }
  }
  await Promise.all(Array.from({ length: width }, worker));
  agent.destroy();
  return tally;
}
