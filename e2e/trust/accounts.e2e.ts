import type { Page } from "@playwright/test";
import { look, me, PASSWORD, visitor } from "../plain-pages";
import { expect, Stack, test as base, watchIssues } from "../stack";

/** A gateway in which everybody signs in. */
const test = base.extend<object, { closed: Stack }>({
  closed: [
    async ({}, use) => {
      const stack = new Stack();
      stack.more = { CITYWALL_SIGN_IN: "1" };
      await stack.start([]);
      await use(stack);
      await stack.stop();
    },
    { scope: "worker" },
  ],
});

// A step that hangs is told by its own name.
test.use({ actionTimeout: 60_000, navigationTimeout: 120_000 });

/** Opens a link and makes the account, by the keyboard alone. */
async function accept(page: Page, url: string, name: string): Promise<void> {
  // A link that is open already would only be gone to within the page.
  await page.goto("about:blank", { waitUntil: "load" });
  await page.goto(url);
  await expect(page.getByLabel("账号名")).toBeFocused();
  await page.keyboard.type(name);
  await page.keyboard.press("Tab");
  await page.keyboard.type(name.toUpperCase());
  await page.keyboard.press("Tab");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForURL((at) => at.pathname === "/");
}

test("the first administrator invites somebody for one district, who signs in and out; a copied cookie is worth nothing", async ({
  browser,
  closed,
}) => {
  const link = (await closed.command("admin", "invite")).trim();
  const first = await visitor(browser);
  const issues = watchIssues(first.page, closed.url);
  await first.page.goto(link);
  await look(first.page, "invite");
  await accept(first.page, link, "chief");
  expect(await me(first.page)).toMatchObject({ kind: "account", name: "chief", title: "CHIEF", role: "administrator" });

  // The link has been used.
  const late = await visitor(browser);
  await late.page.goto(link);
  await expect(late.page.getByText("链接已使用")).toBeVisible();
  await late.context.close();

  const { page } = first;
  await page.goto(`${closed.url}/people`);
  await page.getByText("邀请", { exact: true }).click();
  await page.getByLabel("角色").last().selectOption({ label: "查看员" });
  await page.getByLabel("连云港", { exact: true }).check();
  await page.getByRole("group", { name: "连云港" }).getByLabel("海州区").check();
  await page.getByRole("button", { name: "生成链接" }).click();
  const made = page.getByRole("status").getByRole("textbox");
  await expect(made).toHaveValue(/\/invite#[\w-]{43}$/);
  await expect(page.getByRole("heading", { name: "未使用的链接" })).toBeVisible();
  await look(page, "people");

  const second = await visitor(browser);
  await accept(second.page, await made.inputValue(), "ada");
  expect(await me(second.page)).toMatchObject({
    name: "ada",
    role: "viewer",
    scopes: [{ city: "lianyungang", districts: ["320706"] }],
    may: ["look"],
  });
  await second.page.goto(`${closed.url}/people`);
  await expect(second.page.getByRole("heading", { name: "您无权查看此页" })).toBeVisible();
  await second.page.goto(`${closed.url}/account`);
  await expect(second.page.getByText("本次登录")).toBeVisible();
  await look(second.page, "account");

  const copied = await second.context.storageState();
  await second.page.getByRole("button", { name: "退出登录" }).click();
  await second.page.waitForURL(/\/sign-in/);
  const thief = await browser.newContext({ storageState: copied });
  const stolen = await thief.newPage();
  await stolen.goto(`${closed.url}/sign-in`);
  expect(await me(stolen)).toMatchObject({ kind: "anonymous", may: [] });
  await thief.close();

  await expect(second.page.getByLabel("账号名")).toBeFocused();
  await look(second.page, "sign-in");
  await second.page.getByLabel("账号名").fill("ada");
  await second.page.getByLabel("密码").fill("wrong words, twelve");
  await second.page.keyboard.press("Enter");
  await expect(second.page.getByRole("alert").filter({ hasText: "账号名或密码不正确" })).toBeVisible();
  await second.page.goto(`${closed.url}/sign-in?to=%2F%2Fevil.example`);
  await second.page.getByLabel("账号名").fill("Ada");
  await second.page.getByLabel("密码").fill(PASSWORD);
  await second.page.keyboard.press("Enter");
  await second.page.waitForURL(`${closed.url}/`);

  // Disabled, he is out at once.
  await page.reload();
  const row = page.locator('[data-person="ada"]');
  await row.getByText("修改").click();
  await row.getByRole("button", { name: "停用" }).click();
  await expect(row).toHaveAttribute("data-disabled", "true");
  // His page goes to the sign-in by itself.
  await second.page.waitForURL(/\/sign-in/);
  expect(await me(second.page)).toMatchObject({ kind: "anonymous" });
  await page.locator('[data-person="chief"]').getByText("修改").click();
  await page.locator('[data-person="chief"]').getByRole("button", { name: "停用" }).click();
  await expect(page.getByText("至少须有1名启用的管理员")).toBeVisible();
  expect(issues).toEqual([]);
  await first.context.close();
  await second.context.close();
});

test("an administrator opens a screen to everybody, sees that it is, and closes it again", async ({ page, closed }) => {
  await accept(page, (await closed.command("admin", "invite")).trim(), "opener");
  await page.goto(`${closed.url}/people`);
  await page.getByLabel("大屏", { exact: true }).selectOption("lianyungang/overview");
  await page.getByRole("button", { name: "设为免登录" }).click();
  const row = page.locator('[data-open-screen="lianyungang/overview"]');
  await expect(row).toBeVisible();
  const nobody = await fetch(`${closed.url}/api/v1/me`);
  expect(((await nobody.json()) as { may: string[] }).may).toEqual(["look"]);
  await row.getByRole("button").click();
  await expect(page.getByText("暂无免登录的大屏")).toBeVisible();
});

test("where only this machine reaches it, the pages say that nobody signs in", async ({ page, quiet }) => {
  await page.goto(`${quiet.url}/sign-in`);
  await expect(page.getByText("无需登录")).toBeVisible();
  await page.goto(`${quiet.url}/people`);
  await expect(page.getByRole("heading", { name: "人员与权限", level: 2 })).toBeVisible();
});
