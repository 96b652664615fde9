/** A progress bar on standard error: one line that is drawn over, or, where nobody watches, one line for each tenth. */
export class Progress {
  private told = -1;

  constructor(private readonly label: string) {}

  /** @param part 0 to 1 @param note such as a rate */
  show(part: number, note = ""): void {
    const done = Math.max(0, Math.min(1, part));
    if (!process.stderr.isTTY) {
      const tenth = Math.floor(done * 10);
      if (tenth > this.told) process.stderr.write(`${this.label} ${tenth * 10} % ${note}\n`);
      this.told = Math.max(this.told, tenth);
      return;
    }
    const width = 32;
    const filled = Math.round(done * width);
    process.stderr.write(
      `\r${this.label} [${"#".repeat(filled)}${"-".repeat(width - filled)}] ${Math.floor(done * 100)} % ${note}\x1b[K`,
    );
  }

  end(): void {
    if (process.stderr.isTTY) process.stderr.write("\n");
  }
}
