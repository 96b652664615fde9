/** The site's own issuer of identities (OpenID Connect Core 1.0), by the library openid-client. */
import type { ClientAuth, Configuration } from "openid-client";
import { after, monotonic } from "../../clock";
import { isIssuerAddress } from "./address";
import type { Claims } from "./rights";

export interface OidcSettings {
  /** address of the issuer; without TLS on loopback alone */
  issuer: string;
  clientId: string;
  /** left out, the client has none and PKCE alone proves it */
  clientSecret?: string | undefined;
  /** what is asked for, `openid` among it */
  scope: string;
  /** as pages call it */
  title: string;
}

/** What the issuer's answer is held against. */
export interface Expected {
  redirectUri: string;
  state: string;
  nonce: string;
  /** of PKCE (RFC 7636) */
  verifier: string;
}

/** The issuer cannot be asked now. */
export class IssuerAway extends Error {}

/** Seconds that it has for one answer, and ms for all that one sign-in asks of it. */
const ANSWER = 4;
const PATIENCE = 9_000;
/** ms after which it is asked anew where its parts are. */
const KNOWN_FOR = 3_600_000;

/** Who somebody is for an issuer (OpenID Connect Core 1.0, 2). */
const SUBJECT = /^[ -~]{1,255}$/;

const library = () => import("openid-client");

/** What an error says that holds nothing of what was asked or answered. */
function briefly(error: unknown): string {
  const { code, cause, name } = error as { code?: string; cause?: { code?: string }; name?: string };
  return [...new Set([name, code, cause?.code])].filter((part) => typeof part === "string").join(" ");
}

/** Codes of openid-client, and of fetch, for what never came to an answer. */
const AWAY = /^(OAUTH_TIMEOUT|OAUTH_ABORT|OAUTH_RESPONSE_IS_NOT_CONFORM|OAUTH_RESPONSE_IS_NOT_JSON|OAUTH_PARSE_ERROR)$/;

function isAway(error: unknown): boolean {
  const { code } = error as { code?: string };
  return error instanceof TypeError || AWAY.test(code ?? "");
}

export class Issuer {
  private found: { configuration: Promise<Configuration>; at: number } | null = null;

  constructor(private readonly settings: OidcSettings) {}

  get title(): string {
    return this.settings.title;
  }

  /** The issuer's own name, which the accounts that it knows of are told apart by. */
  get name(): string {
    return this.settings.issuer;
  }

  /** What the issuer says of itself. @throws IssuerAway whatever is the matter: without it nothing can be begun */
  private async discover(): Promise<Configuration> {
    try {
      return await this.described();
    } catch (error) {
      console.error("control: the issuer cannot be asked:", briefly(error));
      throw new IssuerAway("it cannot be asked");
    }
  }

  private async described(): Promise<Configuration> {
    const { allowInsecureRequests, discovery, None } = await library();
    const { issuer, clientId, clientSecret } = this.settings;
    const url = new URL(issuer);
    const isPlain = url.protocol === "http:";
    const authentication = clientSecret === undefined ? None() : await bySecret(clientSecret);
    const execute = isPlain ? [allowInsecureRequests] : [];
    const found = await discovery(url, clientId, undefined, authentication, { execute, timeout: ANSWER });
    const { authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint } = found.serverMetadata();
    // One without TLS may name only what is on this machine as well.
    for (const address of [authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint])
      if (address !== undefined && !isIssuerAddress(address.split(/[?#]/, 1)[0] as string))
        throw new TypeError("an address without TLS");
    return found;
  }

  private configuration(): Promise<Configuration> {
    const at = monotonic();
    if (this.found && at - this.found.at < KNOWN_FOR) return this.found.configuration;
    const found = { configuration: this.discover(), at };
    this.found = found;
    found.configuration.catch(() => {
      if (this.found === found) this.found = null;
    });
    return found.configuration;
  }

  /** Where a browser is sent to sign in, and what the answer is held against. @throws IssuerAway */
  async begin(redirectUri: string): Promise<{ url: string; expected: Expected }> {
    const { buildAuthorizationUrl, calculatePKCECodeChallenge, randomNonce, randomPKCECodeVerifier, randomState } =
      await library();
    const configuration = await this.within(() => this.configuration());
    const expected = { redirectUri, state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
    const url = buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: this.settings.scope,
      state: expected.state,
      nonce: expected.nonce,
      code_challenge: await calculatePKCECodeChallenge(expected.verifier),
      code_challenge_method: "S256",
    });
    return { url: url.href, expected };
  }

  /**
   * What the issuer says of who came back from it. @param query of the address he came back to
   * @returns null where the answer is not one to what was asked @throws IssuerAway
   */
  async finish(query: string, expected: Expected): Promise<(Claims & { sub: string }) | null> {
    const url = new URL(expected.redirectUri);
    url.search = query;
    try {
      return await this.within(() => this.exchange(url, expected));
    } catch (error) {
      if (error instanceof IssuerAway) throw error;
      console.error("control: an answer of the issuer was refused:", briefly(error));
      return null;
    }
  }

  private async exchange(url: URL, { state, nonce, verifier }: Expected): Promise<Claims & { sub: string }> {
    const { authorizationCodeGrant, fetchUserInfo } = await library();
    const configuration = await this.configuration();
    const tokens = await authorizationCodeGrant(configuration, url, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (claims === undefined || !SUBJECT.test(claims.sub)) throw new Error("it names nobody");
    if (configuration.serverMetadata().userinfo_endpoint === undefined) return claims;
    // Groups are told there alone by some; how he signed in, by the signed token alone.
    const { sub, amr, acr } = claims;
    const more = await fetchUserInfo(configuration, tokens.access_token, sub);
    return { ...claims, ...more, sub, amr, acr };
  }

  private async within<T>(task: () => Promise<T>): Promise<T> {
    let cancel = (): void => {};
    const late = new Promise<never>((_resolve, reject) => {
      cancel = after(PATIENCE, () => reject(new IssuerAway("it takes too long")));
    });
    try {
      return await Promise.race([task(), late]);
    } catch (error) {
      if (error instanceof IssuerAway || !isAway(error)) throw error;
      console.error("control: the issuer cannot be asked:", briefly(error));
      throw new IssuerAway("it cannot be asked");
    } finally {
      cancel();
    }
  }
}

/** How the client proves itself: in the header, as every issuer has to take it unless it says otherwise, else in the body. */
async function bySecret(secret: string): Promise<ClientAuth> {
  const { ClientSecretBasic, ClientSecretPost } = await library();
  const [basic, post] = [ClientSecretBasic(secret), ClientSecretPost(secret)];
  return (server, ...rest) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
    return (methods.includes("client_secret_basic") ? basic : post)(server, ...rest);
  };
}
