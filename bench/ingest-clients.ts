/**
 * Publishers in a process of their own: each a feed with its token and one connection that stays open. They post at a
 * fixed pace and time the answers.
 */
import { Agent, request } from "node:http";

/** One feed: where it may publish, and what of. */
export interface Feed {
  city: string;
  token: string;
  topics: { district: string; metric: string }[];
}

export type Order = { url: string; feeds: Feed[]; rate: number; batch: number; seconds: number };

export interface Report {
  posts: number;
  /** posts that were not answered with 200 and as many accepted, new readings as they held */
  failed: number;
  /** ms from when each post was due to its answer */
  latencies: number[];
  /** by topic the observed times (ms) that were acknowledged */
  acknowledged: [string, number[]][];
}

interface Answer {
  accepted: number;
  duplicates: number;
}

/** Posts one body. Rejects when there is no answer. */
function post(url: string, agent: Agent, token: string, body: string): Promise<Answer | null> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${url}/api/v1/readings`,
      {
        method: "POST",
        agent,
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
        },
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("end", () =>
          resolve(response.statusCode === 200 ? (JSON.parse(Buffer.concat(parts).toString()) as Answer) : null),
        );
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

const newest = new Map<string, number>();
let turn = 0;

/** `count` readings of a feed's topics in turn, each observed at a moment of its own. */
function readingsOf(feed: Feed, count: number) {
  return Array.from({ length: count }, () => {
    const { district, metric } = feed.topics[turn++ % feed.topics.length] as Feed["topics"][number];
    const topic = `reading/${feed.city}/${district}/${metric}`;
    const at = Math.max(Date.now(), (newest.get(topic) ?? 0) + 1);
    newest.set(topic, at);
    return {
      topic,
      at,
      item: { city: feed.city, district, metric, at: new Date(at).toISOString(), value: 1_000 + (at % 997) },
    };
  });
}

async function run({ url, feeds, rate, batch, seconds }: Order): Promise<Report> {
  const agents = feeds.map(() => new Agent({ keepAlive: true, maxSockets: 1 }));
  const report: Report = { posts: 0, failed: 0, latencies: [], acknowledged: [] };
  const acknowledged = new Map<string, number[]>();
  const began = performance.now();
  const under: Promise<void>[] = [];

  async function send(index: number, due: number): Promise<void> {
    const feed = feeds[index % feeds.length] as Feed;
    const readings = readingsOf(feed, batch);
    const body = JSON.stringify({ readings: readings.map(({ item }) => item) });
    const answer = await post(url, agents[index % feeds.length] as Agent, feed.token, body).catch(() => null);
    report.latencies.push(performance.now() - began - due);
    if (answer?.accepted !== batch || answer.duplicates > 0) report.failed++;
    if (!answer) return;
    for (const { topic, at } of readings) {
      const times = acknowledged.get(topic);
      if (times) times.push(at);
      else acknowledged.set(topic, [at]);
    }
  }

  await new Promise<void>((resolve) => {
    const more = (): void => {
      const passed = performance.now() - began;
      for (; report.posts < Math.min(rate * seconds, (passed / 1000) * rate); report.posts++)
        under.push(send(report.posts, (report.posts * 1000) / rate));
      if (report.posts >= rate * seconds) resolve();
      else setTimeout(more, (report.posts * 1000) / rate - (performance.now() - began));
    };
    more();
  });
  await Promise.all(under);
  for (const agent of agents) agent.destroy();
  return { ...report, acknowledged: [...acknowledged] };
}

process.on("message", (order: Order) => void run(order).then((report) => process.send?.(report)));
