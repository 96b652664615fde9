import { readFile, stat } from "node:fs/promises";

/** Ways in which a feed can misbehave. */
export const SWITCHES = ["silence", "garbage", "burst", "out-of-order", "duplicates", "reconnect", "drill"] as const;
export type Switch = (typeof SWITCHES)[number];

/**
 * Which systems misbehave now: `{"hangzhou/traffic": ["silence"], "app": ["burst"], "*": ["duplicates"]}` (one place's
 * system, that system everywhere, all) in a file that is read again when it changes, so that a running feed can be
 * disturbed from outside.
 */
export class SwitchBoard {
  private state: Record<string, string[]> = {};
  private readAt = 0;

  constructor(private readonly file: string) {}

  async refresh(): Promise<void> {
    const changed = await stat(this.file).then(
      (info) => info.mtimeMs,
      () => 0,
    );
    if (changed === this.readAt) return;
    this.readAt = changed;
    try {
      this.state = changed === 0 ? {} : (JSON.parse(await readFile(this.file, "utf8")) as Record<string, string[]>);
    } catch {
      console.error(`mock feeds: ${this.file} is not JSON; the switches stay as they were`);
    }
  }

  on(city: string, system: string, name: Switch): boolean {
    return [`${city}/${system}`, system, "*"].some((key) => this.state[key]?.includes(name));
  }
}
