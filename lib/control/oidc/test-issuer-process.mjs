/**
 * An issuer of identities for tests, in a process of its own. Takes its client and its people as JSON in ISSUER and says where it
 * listens. Its page names the people: whoever follows a link there signs in as that one. Ends with whoever started it.
 */
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const { client, people } = JSON.parse(process.env.ISSUER ?? "{}");
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

const page = (names) =>
  `<!doctype html><html lang="en"><title>Issuer</title>${names.map((name) => `<p><a href="?who=${name}">${name}</a>`).join("")}`;

/** What it says of somebody; how he signed in it says by itself, of each sign-in. */
function claimsOf(id) {
  const { amr: _amr, acr: _acr, ...claims } = people[id];
  return { sub: id, ...claims };
}

/** What somebody would do on its pages: sign in under a name, and agree. */
async function interact(provider, request, response) {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  if (prompt.name === "login") {
    const who = new URL(request.url, "http://issuer").searchParams.get("who");
    if (who === null) return response.setHeader("content-type", "text/html").end(page(Object.keys(people)));
    const { amr, acr } = people[who] ?? {};
    const how = { ...(amr ? { amr } : {}), ...(acr ? { acr } : {}) };
    return provider.interactionFinished(request, response, { login: { accountId: who, ...how } });
  }
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
}

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ response_types: ["code"], grant_types: ["authorization_code"], ...client }],
    claims: { openid: ["sub", "amr", "acr"], profile: ["name", "preferred_username"], groups: ["groups"] },
    scopes: ["openid", "profile", "groups"],
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    cookies: { keys: ["of tests alone"] },
    jwks: { keys: [privateKey.export({ format: "jwk" })] },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    findAccount: (_context, id) =>
      Object.hasOwn(people, id) ? { accountId: id, claims: () => claimsOf(id) } : undefined,
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
  });
  const answer = provider.callback();
  server.on("request", (request, response) => {
    if (!request.url.startsWith("/interaction/")) return void answer(request, response);
    interact(provider, request, response).catch((error) => response.writeHead(500).end(String(error)));
  });
  process.send({ issuer });
});
// Told anew who belongs to what.
process.on("message", (message) => {
  Object.assign(people, message.people);
  process.send({ told: true });
});
process.on("disconnect", () => process.exit(0));
