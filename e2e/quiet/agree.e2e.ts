import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import type { Page } from "@playwright/test";
import { expect, Stack, test, watchIssues } from "../stack";

/**
 * One moment, one answer: what each page says of a topic is compared, text by text, with what the gateway says of it,
 * in the present and at a past moment, and with exports and history of that moment.
 */
const CITY = "lianyungang";
const DISTRICT = "320706";
const ROOT = path.resolve(import.meta.dirname, "../..");

interface Metric {
  id: string;
  decimals?: number;
  districts?: boolean;
  smallCell?: number;
  total?: string;
}

/** What an element of a page says. */
interface Said {
  topic: string;
  at: string;
  text: string;
  quality: string;
}

/** What the gateway says. */
interface Truth {
  at: number;
  value: number;
  quality: string;
}

const stack = new Stack();
let metrics: Metric[] = [];
let districts: string[] = [];
let pages: string[] = [];

test.beforeAll(async () => {
  metrics = (
    JSON.parse(await readFile(path.join(ROOT, `cities/${CITY}/metrics.json`), "utf8")) as { metrics: Metric[] }
  ).metrics;
  districts = (
    JSON.parse(await readFile(path.join(ROOT, `cities/${CITY}/city.json`), "utf8")) as {
      districts: { adcode: string }[];
    }
  ).districts.map(({ adcode }) => adcode);
  const screens = (await readdir(path.join(ROOT, `cities/${CITY}/screens`))).map((file) =>
    path.basename(file, ".json"),
  );
  pages = [
    ...screens.map((screen) => `/wall/${CITY}/${screen}`),
    `/district/${CITY}/${DISTRICT}`,
    `/metric/${CITY}/cases-today`,
    `/metric/${CITY}/mean-speed?district=${DISTRICT}`,
    "/compare?indicator=gov-cases-day",
    `/indicators/${CITY}`,
    "/",
  ];
  await stack.start([]);
});
test.afterAll(() => stack.stop());

const topicOf = (district: string, metric: string): string => `reading/${CITY}/${district}/${metric}`;

/** A value for each topic that no other topic has, told by the topic and a round. */
function valueOf(index: number, { decimals = 0 }: Metric, round: number): number {
  return Number(((1_000 + index * 7 + round * 3) / 10 ** decimals).toFixed(decimals));
}

/** One reading of every topic of the city, one of them uncertain and one bad. */
function readings(
  round: number,
  at: string,
): { city: string; district: string; metric: string; value: number; at: string; quality: string }[] {
  let index = 0;
  return metrics.flatMap((metric) =>
    ["all", ...(metric.districts ? districts : [])]
      .filter((district) => district !== "all" || metric.total !== "computed")
      .map((district) => {
        const quality =
          { [topicOf("all", "mean-speed")]: "uncertain", [topicOf(DISTRICT, "mean-speed")]: "bad" }[
            topicOf(district, metric.id)
          ] ?? "good";
        return { city: CITY, district, metric: metric.id, value: valueOf(index++, metric, round), at, quality };
      }),
  );
}

async function publishRound(round: number): Promise<number> {
  const all = readings(round, new Date().toISOString());
  await stack.publish("readings", all);
  // A later moment than any of its readings, at which all of them were known.
  const published = Date.now();
  await expect.poll(() => Date.now()).toBeGreaterThan(published + 50);
  return Date.now();
}

async function liveTruth(): Promise<Map<string, Truth>> {
  const found = new Map<string, Truth>();
  const topics = readings(0, "").map(({ district, metric }) => topicOf(district, metric));
  for (let from = 0; from < topics.length; from += 200) {
    const response = await fetch(
      `${stack.url}/api/v1/snapshot?${topics
        .slice(from, from + 200)
        .map((topic) => `topic=${topic}`)
        .join("&")}`,
    );
    const { topics: told } = (await response.json()) as {
      topics: { topic: string; at: string; value: number | null; quality: string }[];
    };
    for (const { topic, at, value, quality } of told)
      if (value !== null) found.set(topic, { at: Date.parse(at), value, quality });
  }
  return found;
}

interface PastAnswer {
  topics: Record<string, { last: Truth | null }>;
  /** everything that was acknowledged before it is in the answer, ms */
  completeUntil: number;
}

async function pastTruth(at: number): Promise<Map<string, Truth>> {
  const topics = readings(0, "").map(({ district, metric }) => ({ topic: topicOf(district, metric), spans: [] }));
  const ask = async (): Promise<PastAnswer> => {
    const response = await fetch(`${stack.url}/api/v1/history/snapshot`, {
      method: "POST",
      body: JSON.stringify({ at, knowledge: "then", topics }),
    });
    return (await response.json()) as PastAnswer;
  };
  let answer = await ask();
  // A store that is behind says so, and is asked again.
  await expect
    .poll(async () => (answer.completeUntil >= at ? "complete" : (answer = await ask()) && "not yet"))
    .toBe("complete");
  return new Map(Object.entries(answer.topics).flatMap(([topic, { last }]) => (last ? [[topic, last] as const] : [])));
}

/** Everything a page says of topics of the city. */
function said(page: Page): Promise<Said[]> {
  return page.evaluate(
    (prefix) =>
      [...document.querySelectorAll<HTMLElement>(`[data-topic^="${prefix}"]`)].map((element) => ({
        topic: element.dataset.topic ?? "",
        at: element.dataset.at ?? "",
        text: (element.textContent ?? "").trim(),
        quality: element.dataset.quality ?? "",
      })),
    `reading/${CITY}/`,
  );
}

/** What a page says that is not what the gateway says. */
function disagreements(told: Said[], truth: Map<string, Truth>): string[] {
  const byId = new Map(metrics.map((metric) => [metric.id, metric]));
  return told.flatMap(({ topic, at, text, quality }) => {
    const known = truth.get(topic);
    if (!known) return [`${topic}: "${text}", of which nothing is known`];
    const metric = byId.get(topic.split("/")[3] ?? "") as Metric;
    const expected = known.value.toLocaleString("en-US", {
      minimumFractionDigits: metric.decimals ?? 0,
      maximumFractionDigits: metric.decimals ?? 0,
    });
    // Where there is little room a number is shortened; it is compared where it stands in full.
    const shortened = /[万亿kM]/.test(text);
    const issues = [];
    if (!shortened && !text.includes(expected)) issues.push(`${topic}: "${text}" is not "${expected}"`);
    if (Date.parse(at) !== known.at)
      issues.push(`${topic}: observed at ${at}, not ${new Date(known.at).toISOString()}`);
    if (quality !== known.quality) issues.push(`${topic}: of quality "${quality}", not ${known.quality}`);
    return issues;
  });
}

/** What a page says disagrees with nothing, and is something: one that says nothing could not disagree. */
async function expectAgrees(page: Page, truth: Map<string, Truth>, message: string): Promise<void> {
  await expect(page.locator(`[data-topic^="reading/${CITY}/"]`).first(), message).toBeVisible();
  await expect.poll(async () => disagreements(await said(page), truth), { message }).toEqual([]);
  expect((await said(page)).length, message).toBeGreaterThan(0);
}

/** Opens every page at a moment, goes back to the present, and compares what it says in each. */
async function comparePages(page: Page, at: number, then: Map<string, Truth>, now: Map<string, Truth>): Promise<void> {
  for (const address of pages) {
    // What is out of sight is not painted: the front page has more rows than a wall is high.
    await page.setViewportSize({ width: 1920, height: address === "/" ? 2_400 : 1_080 });
    const query = `lang=zh&at=${new Date(at).toISOString()}`;
    await page.goto(`${stack.url}${address}${address.includes("?") ? "&" : "?"}${query}`);
    await expect(page.locator("[data-past=true]").first(), address).toBeVisible();
    await expectAgrees(page, then, `${address} in the past`);
    await page.keyboard.press("t");
    await expect(page.locator("[data-past=true]"), address).toHaveCount(0);
    await expectAgrees(page, now, `${address} live`);
  }
}

test("every page says the same of every topic, now and at a moment that has passed, and so do history and exports", async ({
  page,
}) => {
  test.setTimeout(600_000);
  const issues = watchIssues(page, stack.url);
  const then = await publishRound(1);
  await publishRound(2);

  const truth = await liveTruth();
  const before = await pastTruth(then);
  expect(before.size).toBe(truth.size);
  for (const [topic, { value }] of truth) expect(before.get(topic)?.value, topic).not.toBe(value);

  await comparePages(page, then, before, truth);
  // One that was opened in the present.
  await page.goto(`${stack.url}/wall/${CITY}/overview?lang=zh`);
  await expectAgrees(page, truth, "opened live");

  // A wall that jumped there says what one says that was opened there.
  await page.goto(`${stack.url}/wall/${CITY}/overview?lang=zh&at=${new Date(then - 20_000).toISOString()}`);
  await expect(page.locator("[data-past=true]").first()).toBeVisible();
  await page.evaluate(
    (at) => (window as unknown as { citywall: { past: { seek(at: number): void } } }).citywall.past.seek(at),
    then,
  );
  await expect.poll(async () => disagreements(await said(page), before)).toEqual([]);

  for (const [topic, last] of [
    topicOf("all", "cases-today"),
    topicOf(DISTRICT, "cases-today"),
    topicOf("all", "mean-speed"),
  ].map((one) => [one, before.get(one)] as const)) {
    const [from, to] = [then - 60_000, then].map((at) => new Date(at).toISOString());
    const range = `topic=${topic}&from=${from}&to=${to}&known=${to}`;
    const raw = (await (await fetch(`${stack.url}/api/v1/history?${range}`)).json()) as {
      series: { at: number[]; last: number[]; quality: string[] }[];
    };
    expect([raw.series[0]?.at.at(-1), raw.series[0]?.last.at(-1), raw.series[0]?.quality.at(-1)], topic).toEqual([
      last?.at,
      last?.value,
      last?.quality,
    ]);
    const csv =
      (await (await fetch(`${stack.url}/api/v1/history?${range}&format=csv`)).text())
        .trim()
        .split("\r\n")
        .at(-1)
        ?.split(",") ?? [];
    expect([csv[0], Date.parse(csv[1] ?? ""), Number(csv[5]), csv[6]], topic).toEqual([
      topic,
      last?.at,
      last?.value,
      last?.quality,
    ]);
  }
  expect(issues).toEqual([]);
});
