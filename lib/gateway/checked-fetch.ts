import addFormats from "ajv-formats";
import Ajv2020, { type ValidateFunction } from "ajv/dist/2020";
import { makeOpenapi } from "./openapi";

/**
 * What tests hold every answer of the API to: the published document, in which answers hold nothing but what is
 * declared.
 */

interface Operation {
  responses: Record<string, { content?: Record<string, object> }>;
}

const document = makeOpenapi(true) as { paths: Record<string, Record<string, Operation>> };
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema(document, "openapi");
const validators = new Map<string, ValidateFunction>();

const escaped = (part: string): string => part.replaceAll("~", "~0").replaceAll("/", "~1");

function validatorOf(...place: string[]): ValidateFunction {
  const $ref = `openapi#/${place.map(escaped).join("/")}`;
  const known = validators.get($ref) ?? ajv.compile({ $ref });
  validators.set($ref, known);
  return known;
}

/** Paths as regular expressions, those with the fewest names first. */
const paths = Object.keys(document.paths)
  .map((path) => ({
    path,
    names: path.split("{").length,
    regExp: new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}$`),
  }))
  .sort((a, b) => a.names - b.names);

/** Statuses that any path may answer without saying so: what is refused before the path is looked at, and a failure. */
const EVERYWHERE = ["400", "403", "405", "408", "421", "426", "429", "431", "500", "503"];

function responseKey(operation: Operation | undefined, status: string): string | null {
  if (operation?.responses[status]) return status;
  return !operation || EVERYWHERE.includes(status) ? "default" : null;
}

/** Checks one answer. @throws Error that names what the document does not say of it */
export async function checkAnswer(url: string, method: string, response: Response): Promise<void> {
  const { pathname } = new URL(url);
  const asked = method === "HEAD" ? "get" : method.toLowerCase();
  const fitting = paths.filter(({ regExp }) => regExp.test(pathname)).map(({ path }) => path);
  const path = fitting.find((one) => document.paths[one]?.[asked]) ?? fitting[0];
  if (!path && !pathname.startsWith("/api/")) return;
  const operation = path ? document.paths[path]?.[asked] : undefined;
  const where = `${method} ${pathname} ${response.status}`;
  const key = responseKey(operation, String(response.status));
  if (key === null) throw new Error(`${where}: this status is not declared`);
  // What a path that is unknown, or a method that is not taken, is answered with is declared at every operation alike.
  const [at, by] = operation ? [path as string, asked] : ["/healthz", "get"];
  const content = document.paths[at]?.[by]?.responses[key]?.content;
  const type = response.headers.get("content-type")?.split(";")[0] ?? "";
  if (!content) return;
  if (!content[type]) throw new Error(`${where}: ${type} is not declared`);
  // A file is bytes or text of a form of its own, of which a JSON schema says nothing.
  if (method === "HEAD" || (response.headers.has("content-disposition") && !/json$/.test(type))) return;
  const text = await response.clone().text();
  const validate = validatorOf("paths", at, by, "responses", key, "content", type, "schema");
  if (!validate(/json$/.test(type) ? JSON.parse(text) : text))
    throw new Error(`${where}: ${ajv.errorsText(validate.errors)}\n${text.slice(0, 2_000)}`);
}

/** `fetch` for tests, which fails where the answer is not as the document says. */
export async function checkedFetch(url: string | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  await checkAnswer(String(url), init?.method ?? "GET", response);
  return response;
}
