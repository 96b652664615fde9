import { randomUUID } from "node:crypto";
import path from "node:path";
import type { Browser, Page } from "@playwright/test";
import type { Role, Scope } from "../../lib/contract/rights";
import { openControl } from "../../lib/control/open";
import { signedIn } from "../../lib/control/test-people";
import { Stack, test as base } from "../stack";

export const SIZES = { wide: { width: 1920, height: 1080 }, phone: { width: 390, height: 844 } } as const;

/** Tests of a gateway of their own in which everybody has to sign in, with a pages' process that asks for its visitors. */
export const closedTest = () =>
  base.extend<object, { closed: Stack }>({
    closed: [
      async ({}, use) => {
        const stack = new Stack();
        stack.more = { CITYWALL_SIGN_IN: "1", CITYWALL_PAGES_KEY: randomUUID() };
        await stack.start([], {}, true);
        await use(stack);
        await stack.stop();
      },
      { scope: "worker" },
    ],
  });

interface Who {
  role: Role;
  scopes?: readonly Scope[];
}

/** A page in a browser of its own, of somebody new who is signed in. */
export async function visitor(browser: Browser, stack: Stack, who: Who): Promise<Page> {
  const db = await openControl({ data: path.join(stack.folder, "data") });
  const { secret } = await signedIn(db, who);
  await db.destroy();
  const context = await browser.newContext({ locale: "zh-CN", viewport: SIZES.wide });
  await context.addCookies([{ name: "citywall-session", value: secret, url: stack.url, httpOnly: true }]);
  return context.newPage();
}
