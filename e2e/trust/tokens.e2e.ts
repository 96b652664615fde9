import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, shot, Stack, test as base, watchIssues } from "../stack";

const SIZES = {
  wide: { width: 1920, height: 1080 },
  large: { width: 3840, height: 2160 },
  laptop: { width: 1366, height: 768 },
  phone: { width: 390, height: 844 },
} as const;

/** A gateway of its own, which nothing else publishes to or is audited in. */
const test = base.extend<object, { own: Stack }>({
  own: [
    async ({}, use) => {
      const stack = new Stack();
      await stack.start([]);
      await use(stack);
      await stack.stop();
    },
    { scope: "worker" },
  ],
});

test.use({ locale: "zh-CN", viewport: SIZES.wide });

/** Looks at a page in both languages, on a wide screen and a phone. */
async function look(page: Page, name: string): Promise<void> {
  for (const lang of ["zh", "en"] as const) {
    if ((await page.locator("html").getAttribute("lang"))?.startsWith(lang) !== true)
      await page.getByRole("button", { name: "语言 / Language" }).click();
    await expect(page.locator("html")).toHaveAttribute("lang", lang === "zh" ? "zh-CN" : "en");
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport);
      await shot(page, `${name}-${lang}-${size}`);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), size).toBeLessThanOrEqual(0);
    }
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    const words = await page.locator(".plain").evaluate((root) => (root as HTMLElement).innerText);
    if (lang === "en") expect(words.replace("中文", "")).not.toMatch(/\p{Script=Han}/u);
  }
  await page.getByRole("button", { name: "语言 / Language" }).click();
  await page.setViewportSize(SIZES.wide);
}

const reading = { city: "lianyungang", metric: "cases-today", value: 1 };

async function publishes(url: string, token: string): Promise<number> {
  const response = await fetch(`${url}/api/v1/readings`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ readings: [{ ...reading, at: new Date().toISOString() }] }),
  });
  return response.status;
}

test("a token is made, shown once, rotated and withdrawn on its page, and the audit log has each step", async ({
  page,
  own,
}) => {
  const issues = watchIssues(page, own.url);
  await page.goto(`${own.url}/tokens`);
  await page.getByText("新建令牌", { exact: true }).press("Enter");
  await page.getByLabel("城市").selectOption({ label: "连云港" });
  await page.getByLabel("数据来源").selectOption({ label: "全部来源" });
  await page.getByLabel("允许的地址").fill("10.0.0.300");
  await page.getByLabel("用途").fill("gateway of the counting office");
  await page.getByRole("button", { name: "生成令牌" }).press("Enter");
  await expect(page.getByText("地址须为 IP 地址或网段")).toBeVisible();
  await page.getByLabel("允许的地址").fill("127.0.0.0/8");
  await page.getByRole("button", { name: "生成令牌" }).press("Enter");
  const shown = page.getByRole("status").getByRole("textbox");
  await expect(shown).toHaveValue(/^cw_[\w-]{43}$/);
  const first = await shown.inputValue();
  expect(await publishes(own.url, first)).toBe(200);
  await look(page, "tokens-made");

  await page.reload();
  await expect(page.locator("[data-token]")).toHaveCount(2);
  expect(await page.content()).not.toContain(first);
  const row = page.locator("[data-token]", { hasText: "gateway of the counting office" });
  await row.locator("summary", { hasText: "更换" }).click();
  await row.getByLabel("宽限期").selectOption({ label: "1小时" });
  await row.getByRole("button", { name: "更换", exact: true }).click();
  await expect(shown).toHaveValue(/^cw_/);
  const second = await shown.inputValue();
  expect([await publishes(own.url, first), await publishes(own.url, second)]).toEqual([200, 200]);

  const older = page.locator("[data-token]", { hasText: "已由新令牌接替" });
  await older.getByText("撤销", { exact: true }).click();
  await older.getByRole("button", { name: "确认撤销" }).click();
  await expect(older).toHaveCount(0);
  await expect.poll(() => publishes(own.url, first), { timeout: 1_000 }).toBe(401);
  expect(await publishes(own.url, second)).toBe(200);

  await page.goto(`${own.url}/audit`);
  await expect(page.locator("[data-verified=true]")).toBeVisible();
  const lines = page.locator(".audit-lines > li");
  await expect(lines.first()).toContainText("撤销令牌");
  await expect(lines.nth(1)).toContainText("更换令牌");
  await expect(lines.nth(2)).toContainText("本机");
  await look(page, "audit");
  await page.getByLabel("操作", { exact: true }).selectOption({ label: "更换令牌" });
  await page.getByRole("button", { name: "查找" }).click();
  await expect(lines).toHaveCount(1);
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByText("导出 CSV").click()]);
  expect(file.suggestedFilename()).toBe("audit.csv");
  await page.getByLabel("包含文字").fill("no line has this");
  await page.getByRole("button", { name: "查找" }).click();
  await expect(page.getByText("没有符合条件的记录")).toBeVisible();
  expect(issues).toEqual([]);
});

test("a monitor's token is made on the page, and reads what the gateway counts", async ({ page, own }) => {
  const issues = watchIssues(page, own.url);
  await page.goto(`${own.url}/tokens`);
  await page.getByText("新建令牌", { exact: true }).click();
  await page.getByLabel("类型").selectOption({ label: "监控系统" });
  await expect(page.getByLabel("数据来源")).toHaveCount(0);
  await expect(page.getByText("只能读取运行指标")).toBeVisible();
  await page.getByLabel("用途").fill("prometheus");
  await page.getByRole("button", { name: "生成令牌" }).press("Enter");
  const shown = page.getByRole("status").getByRole("textbox");
  await expect(shown).toHaveValue(/^cw_[\w-]{43}$/);
  const secret = await shown.inputValue();
  const row = page.locator("[data-token]", { hasText: "prometheus" });
  await expect(row).toContainText("监控系统");
  expect(await publishes(own.url, secret)).toBe(401);
  const answer = await fetch(`${own.url}/metrics`, { headers: { authorization: `Bearer ${secret}` } });
  expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining("citywall_")]);
  await look(page, "tokens-monitor");
  await row.getByText("撤销", { exact: true }).click();
  await row.getByRole("button", { name: "确认撤销" }).click();
  await expect(row).toHaveCount(0);
  expect(issues).toEqual([]);
});

test("a log that somebody changed says where, on its page", async ({ page, own }) => {
  const { default: Database } = await import("libsql");
  const db = new Database(`${own.folder}/data/control.db`);
  db.prepare("UPDATE audit SET who = 'nobody' WHERE seq = 1").run();
  db.close();
  await page.goto(`${own.url}/audit`);
  await expect(page.getByRole("alert").filter({ hasText: "第1行被改动" })).toBeVisible();
});
