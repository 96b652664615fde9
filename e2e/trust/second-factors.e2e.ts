import type { Browser, Page } from "@playwright/test";
import { Secret, TOTP } from "otpauth";
import { CLIENT, startIssuer } from "../../lib/control/oidc/test-issuer";
import { freePort } from "../../server/free-port";
import { look, me, PASSWORD, visitor } from "../plain-pages";
import { expect, Stack, test as base, watchIssues } from "../stack";

interface Closed {
  stack: Stack;
  /** by a name: browsers make passkeys under names alone */
  url: string;
}

/** A gateway in which everybody signs in, by an issuer as well. */
const test = base.extend<object, { closed: Closed }>({
  closed: [
    async ({}, use) => {
      const port = await freePort();
      const url = `http://localhost:${port}`;
      const issuer = await startIssuer([`${url}/api/v1/oidc/callback`], {
        "1001": { name: "Oda Nobel", preferred_username: "oda", groups: ["control-room"] },
        "1002": { name: "Eve", preferred_username: "eve", groups: ["kitchen"] },
      });
      const stack = new Stack();
      stack.more = {
        PORT: String(port),
        CITYWALL_SIGN_IN: "1",
        CITYWALL_OIDC_ISSUER: issuer.address,
        CITYWALL_OIDC_CLIENT_ID: CLIENT.client_id,
        CITYWALL_OIDC_CLIENT_SECRET: CLIENT.client_secret,
        CITYWALL_OIDC_SCOPE: "openid profile groups",
        CITYWALL_OIDC_TITLE: "City ID",
      };
      await stack.start([]);
      await use({ stack, url });
      await stack.stop();
      await issuer.stop();
    },
    { scope: "worker" },
  ],
});

/** Makes an account by a link, in a browser of its own. @param more of the command that makes the link */
async function account(browser: Browser, { stack, url }: Closed, name: string, ...more: string[]) {
  const { page, context } = await visitor(browser);
  const link = new URL((await stack.command("admin", "invite", ...more)).trim());
  await page.goto(`${url}${link.pathname}${link.hash}`);
  await page.getByLabel("账号名").fill(name);
  await page.getByLabel("密码").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForURL((at) => at.pathname === "/" || at.pathname === "/account");
  return { page, context };
}

/** An authenticator of the browser's own, whose holder always proves himself to it. */
async function authenticator(page: Page): Promise<void> {
  const client = await page.context().newCDPSession(page);
  await client.send("WebAuthn.enable");
  await client.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

async function signOut(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/account`);
  await page.getByRole("button", { name: "退出登录" }).first().click();
  await page.waitForURL(/\/sign-in/);
}

async function signIn(page: Page, name: string): Promise<void> {
  await page.getByLabel("账号名").fill(name);
  await page.getByLabel("密码").fill(PASSWORD);
  await page.keyboard.press("Enter");
}

const codesPanel = (page: Page) => page.locator("section", { has: page.getByRole("heading", { name: "动态验证码" }) });

/** Sets up codes on the page of one's account. Gives what makes them. */
async function setUpCodes(page: Page): Promise<(steps?: number) => string> {
  const panel = codesPanel(page);
  await panel.getByText("启用", { exact: true }).click();
  await panel.getByLabel("当前密码").fill(PASSWORD);
  await page.keyboard.press("Enter");
  const secret = Secret.fromBase32((await panel.locator("code").innerText()).replaceAll(/\s/g, ""));
  const code = (steps = 0): string => TOTP.generate({ secret, timestamp: Date.now() + steps * 30_000 });
  await panel.getByLabel("6位验证码").fill(code());
  await page.keyboard.press("Enter");
  await expect(panel.getByText("还需输入验证码")).toBeVisible();
  return code;
}

test("codes are set up by the keyboard, asked for, and taken away", async ({ browser, closed }) => {
  const { page, context } = await account(browser, closed, "ada");
  const issues = watchIssues(page, closed.url);
  await page.goto(`${closed.url}/account`);
  const panel = page.locator("section", { has: page.getByRole("heading", { name: "动态验证码" }) });
  await panel.getByText("启用", { exact: true }).click();
  await panel.getByLabel("当前密码").fill("not this one, surely");
  await page.keyboard.press("Enter");
  await expect(panel.getByRole("alert")).toContainText("当前密码不正确");
  await panel.getByLabel("当前密码").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await expect(panel.getByRole("img", { name: "二维码" })).toBeVisible();
  await expect(panel.getByLabel("6位验证码")).toBeFocused();
  await look(page, "codes");
  const secret = Secret.fromBase32((await panel.locator("code").innerText()).replaceAll(/\s/g, ""));
  const code = (steps = 0): string => TOTP.generate({ secret, timestamp: Date.now() + steps * 30_000 });
  await panel.getByLabel("6位验证码").fill("12345");
  await page.keyboard.press("Enter");
  await expect(panel.getByRole("alert")).toContainText("验证码不正确");
  await panel.getByLabel("6位验证码").fill(code());
  await page.keyboard.press("Enter");
  await expect(panel.getByText("还需输入验证码")).toBeVisible();
  await look(page, "codes-on");

  await signOut(page, closed.url);
  await signIn(page, "ada");
  await expect(page.getByLabel("验证码")).toBeFocused();
  await look(page, "sign-in-code");
  await page.getByLabel("验证码").fill("000000");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert").filter({ hasText: "验证码不正确" })).toBeVisible();
  await page.getByLabel("验证码").fill(code(1));
  await page.keyboard.press("Enter");
  await page.waitForURL((at) => at.pathname === "/");
  expect(await me(page)).toMatchObject({ name: "ada" });

  await page.goto(`${closed.url}/account`);
  await panel.getByText("停用", { exact: true }).first().click();
  await panel.locator("details[open]").getByLabel("当前密码").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await expect(panel.getByText("启用", { exact: true })).toBeVisible();
  expect(issues).toEqual([]);
  await context.close();
});

test("a passkey is made, signed in with alone, and removed", async ({ browser, closed }) => {
  const { page, context } = await account(browser, closed, "kay");
  const issues = watchIssues(page, closed.url);
  await authenticator(page);
  await page.goto(`${closed.url}/account`);
  const panel = page.locator("section", { has: page.getByRole("heading", { name: "通行密钥" }) });
  await panel.getByText("添加通行密钥").first().click();
  await panel.getByLabel("名称").fill("grey key");
  await panel.getByLabel("当前密码").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await expect(panel.getByText("grey key")).toBeVisible();
  await look(page, "passkeys");

  await signOut(page, closed.url);
  await page.goto(`${closed.url}/sign-in?to=%2Faccount`);
  await look(page, "sign-in-ways");
  await page.getByRole("button", { name: "使用通行密钥登录" }).click();
  await page.waitForURL((at) => at.pathname === "/account");
  expect(await me(page)).toMatchObject({ name: "kay" });
  await expect(panel.getByText("最近使用")).toBeVisible();
  const row = panel.getByRole("listitem");
  await row.getByText("删除").first().click();
  await row.getByLabel("当前密码").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await expect(panel.getByText("grey key")).toHaveCount(0);

  await signOut(page, closed.url);
  await page.getByRole("button", { name: "使用通行密钥登录" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "无效" })).toBeVisible();
  expect(await me(page)).toMatchObject({ kind: "anonymous" });
  expect(issues).toEqual([]);
  await context.close();
});

test("an administrator maps a claim; whom it fits gets in by the issuer, and nobody else", async ({
  browser,
  closed,
}) => {
  const admin = await account(browser, closed, "chief");
  await admin.page.goto(`${closed.url}/people`);
  const panel = admin.page.locator("section", { has: admin.page.getByRole("heading", { name: /City ID/ }) });
  await panel.getByText("添加映射").click();
  await panel.getByLabel("值", { exact: true }).fill("control-room");
  await panel.getByLabel("角色").selectOption({ label: "值班员" });
  await panel.getByLabel("连云港", { exact: true }).check();
  await panel.getByRole("button", { name: "添加", exact: true }).click();
  await expect(panel.getByText("groups = control-room")).toBeVisible();
  await look(admin.page, "people-mappings");

  const oda = await visitor(browser);
  await oda.page.goto(`${closed.url}/sign-in?to=%2Fwall%2Flianyungang%2Foverview`);
  await oda.page.getByRole("link", { name: /City ID/ }).click();
  await oda.page.getByRole("link", { name: "1001" }).click();
  await oda.page.waitForURL((at) => at.pathname === "/wall/lianyungang/overview");
  expect(await me(oda.page)).toMatchObject({ name: "oda", title: "Oda Nobel", role: "operator" });
  await oda.page.goto(`${closed.url}/account`);
  await expect(oda.page.getByText("由统一身份系统登录")).toBeVisible();
  await expect(oda.page.getByRole("heading", { name: "修改密码" })).toHaveCount(0);
  await look(oda.page, "account-issuer");

  const eve = await visitor(browser);
  await eve.page.goto(`${closed.url}/sign-in`);
  await eve.page.getByRole("link", { name: /City ID/ }).click();
  await eve.page.getByRole("link", { name: "1002" }).click();
  await eve.page.waitForURL(/\/sign-in\?refused=issuer-unknown/);
  await expect(eve.page.getByRole("alert").filter({ hasText: "没有对应权限" })).toBeVisible();
  await look(eve.page, "sign-in-refused");
  expect(await me(eve.page)).toMatchObject({ kind: "anonymous" });

  await panel.getByRole("button", { name: "删除: groups = control-room" }).click();
  await expect(panel.getByText("暂无映射")).toBeVisible();
  await expect.poll(async () => (await me(oda.page)).kind).toBe("anonymous");
  for (const one of [admin, oda, eve]) await one.context.close();
});

test("recovery codes are made, let in once each in the place of a code, and are counted", async ({
  browser,
  closed,
}) => {
  const { page, context } = await account(browser, closed, "rae");
  const issues = watchIssues(page, closed.url);
  await page.goto(`${closed.url}/account`);
  const panel = page.locator("section", { has: page.getByRole("heading", { name: "恢复码" }) });
  await expect(codesPanel(page)).toBeVisible();
  await expect(panel).toHaveCount(0);
  await setUpCodes(page);
  await expect(panel.getByText("尚无可用的恢复码")).toBeVisible();
  await panel.getByText("生成恢复码").first().click();
  await panel.getByLabel("当前密码").fill(PASSWORD);
  await page.keyboard.press("Enter");
  const codes = panel.getByRole("list", { name: "恢复码" }).getByRole("listitem");
  await expect(codes).toHaveCount(10);
  const [first = "", second = ""] = await codes.allInnerTexts();
  await look(page, "recovery-codes");
  await panel.getByRole("button", { name: "收起" }).click();
  await expect(panel.getByText("剩余10个")).toBeVisible();
  await expect(page.getByText(first)).toHaveCount(0);

  await signOut(page, closed.url);
  await signIn(page, "rae");
  await expect(page.getByLabel("验证码")).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("恢复码", { exact: true })).toBeFocused();
  await look(page, "sign-in-recovery");
  await page.getByLabel("恢复码", { exact: true }).fill(first);
  await page.keyboard.press("Enter");
  await page.waitForURL((at) => at.pathname === "/");

  await signOut(page, closed.url);
  await signIn(page, "rae");
  await page.getByRole("button", { name: "改用恢复码" }).click();
  await page.getByLabel("恢复码", { exact: true }).fill(first);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert").filter({ hasText: "不正确或已使用" })).toBeVisible();
  await page.getByLabel("恢复码", { exact: true }).fill(second.toLowerCase());
  await page.keyboard.press("Enter");
  await page.waitForURL((at) => at.pathname === "/");
  await page.goto(`${closed.url}/account`);
  await expect(panel.getByText("剩余8个")).toBeVisible();
  expect(issues).toEqual([]);
  await context.close();
});

test("a second factor is demanded of everybody: who has none is led to set one up, and on after that", async ({
  browser,
  closed,
}) => {
  const boss = await account(browser, closed, "boss");
  const vera = await account(browser, closed, "vera", "--role", "viewer");
  const issues = watchIssues(vera.page, closed.url);
  await boss.page.goto(`${closed.url}/people`);
  const policy = boss.page.locator("section", { has: boss.page.getByRole("heading", { name: "登录要求" }) });
  await policy.getByLabel("须第二重验证").selectOption({ label: "所有人" });
  await policy.getByRole("button", { name: "保存" }).click();
  await expect(policy.getByRole("alert")).toContainText("以免无法登录");
  await look(boss.page, "policy-refused");
  await boss.page.goto(`${closed.url}/account`);
  await setUpCodes(boss.page);

  // Whoever has a wall open is led away from it by itself.
  await vera.page.goto(`${closed.url}/wall/lianyungang/overview`);
  await expect(vera.page.locator("[data-tile]").first()).toBeVisible();
  await boss.page.goto(`${closed.url}/people`);
  await policy.getByLabel("须第二重验证").selectOption({ label: "所有人" });
  await policy.getByRole("button", { name: "保存" }).click();
  await expect(policy.getByText("已保存")).toBeVisible();
  await look(boss.page, "policy");
  await vera.page.waitForURL((at) => at.pathname === "/account");
  expect(new URL(vera.page.url()).searchParams.get("to")).toBe("/wall/lianyungang/overview");
  await expect(vera.page.getByRole("heading", { name: "请先设置第二重验证" })).toBeVisible();
  await expect(vera.page.getByRole("heading", { name: "修改密码" })).toHaveCount(0);
  await look(vera.page, "enrol");
  expect(await me(vera.page)).toMatchObject({ name: "vera", may: [], enrolling: true });
  await vera.page.goto(`${closed.url}/compare?lang=zh`);
  expect(new URL(vera.page.url()).pathname).toBe("/account");

  await setUpCodes(vera.page);
  await expect(vera.page.getByRole("heading", { name: "第二重验证已设置" })).toBeVisible();
  await expect(codesPanel(vera.page).getByText("须至少保留1种")).toBeVisible();
  await look(vera.page, "enrolled");
  await vera.page.getByRole("link", { name: "继续" }).click();
  await vera.page.waitForURL((at) => at.pathname === "/compare");
  expect(await me(vera.page)).toMatchObject({ name: "vera", may: ["look"], enrolling: false });

  // Who is new is led there from his invitation.
  const nora = await account(browser, closed, "nora", "--role", "viewer");
  await nora.page.waitForURL((at) => at.pathname === "/account");
  expect(issues).toEqual([]);
  await closed.stack.command("admin", "second-factor", "nobody");
  await expect.poll(async () => (await me(nora.page)).enrolling).toBe(false);
  await nora.page.goto(`${closed.url}/`);
  expect(new URL(nora.page.url()).pathname).toBe("/");
  for (const one of [boss, vera, nora]) await one.context.close();
});
