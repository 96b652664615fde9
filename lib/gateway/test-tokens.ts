import { hash, randomBytes } from "node:crypto";
import { ownTokens, type Token, type TokenSource } from "./tokens";

/** Publishers' tokens for tests of gateways without control data. */
export class TestTokens implements TokenSource {
  readonly tokens: Token[] = [];
  private readonly listeners = new Set<() => void>();

  /** Makes a token and returns its secret. */
  create(city: string, feed: string, more: Partial<Token> = {}): string {
    const secret = `cw_${randomBytes(32).toString("base64url")}`;
    for (const token of ownTokens({ [`${city}/${feed}`]: hash("sha256", secret) }))
      this.tokens.push({ ...token, ...more });
    for (const listener of this.listeners) listener();
    return secret;
  }

  list(): Promise<readonly Token[]> {
    return Promise.resolve(this.tokens);
  }

  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  used(): Promise<void> {
    return Promise.resolve();
  }
}
