import { fork, type ChildProcess } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { chromium, type Browser } from "@playwright/test";
import { writeBenchCity } from "./city";

const ROOT = path.resolve(import.meta.dirname, "..");

export interface GatewayStats {
  fed: number;
  cpuMs: number;
  rss: number;
  heap: number;
  frames: number;
  bytes: number;
  skipped: number;
  port: number;
}

/** A child process that answers each order with its figures. */
export class BenchGateway {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
    /** its data folder */
    readonly data: string,
  ) {}

  /**
   * @param pages where the pages' process is to listen, and the folder of the checkout whose pages they are
   * @param closed everybody has to sign in
   */
  static async open(metrics: number, pages?: { port: number; root: string }, closed = false): Promise<BenchGateway> {
    const folder = await mkdtemp(path.join(os.tmpdir(), "citywall-bench-"));
    await writeBenchCity(path.join(folder, "cities"), metrics);
    const data = path.join(folder, "data");
    const child = fork(path.join(ROOT, "bench/gateway.ts"), {
      cwd: ROOT,
      execArgv: ["--import", "tsx", "--expose-gc"],
      env: {
        ...process.env,
        CITYWALL_DATA: data,
        CITYWALL_CITIES: path.join(folder, "cities"),
        ...(pages ? { CITYWALL_PAGES_PORT: String(pages.port), CITYWALL_FILES: pages.root } : {}),
        ...(closed ? { CITYWALL_SIGN_IN: "1" } : {}),
      },
    });
    const { port } = await new Promise<{ port: number }>((resolve) =>
      child.once("message", resolve as (message: unknown) => void),
    );
    return new BenchGateway(child, port, data);
  }

  order(order: object): Promise<GatewayStats> {
    return new Promise((resolve) => {
      this.child.once("message", resolve as (message: unknown) => void);
      this.child.send(order);
    });
  }

  close(): void {
    this.child.kill("SIGKILL");
  }
}

export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Chromium as it is on a wall, without what it would do by itself meanwhile. @param more further switches */
export function launchChromium(...more: string[]): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CITYWALL_CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-dev-shm-usage",
      "--disable-background-networking",
      "--disable-component-update",
      ...more,
    ],
  });
}

/** The q-quantile of numbers, 0 to 1. */
export function quantile(values: number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN;
}

export const median = (values: number[]): number => quantile(values, 0.5);

/** A Markdown table. */
export function table(head: string[], rows: (string | number)[][]): string {
  const line = (cells: (string | number)[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Text as one line: its breaks are the source's. */
const oneLine = (text: string): string => text.trim().replace(/\s*\n\s*/g, " ");

/** A Markdown list of texts; line breaks in them are the source's. */
export function list(...items: string[]): string {
  return items.map((item) => `- ${oneLine(item)}`).join("\n");
}

/**
 * A part of the results in Markdown.
 * @param about what is measured how, and the goals; line breaks in it are the source's
 * @param blocks tables and lists, each after an empty line
 */
export function section(title: string, about: string, ...blocks: string[]): string {
  return [`## ${title}`, oneLine(about), ...blocks].join("\n\n") + "\n";
}
