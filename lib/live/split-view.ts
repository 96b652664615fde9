import { every } from "../clock";
import type { PastSource } from "./past-source";
import { PastPlayer } from "./replay-player";

const LOOK = 250;
/** Real seconds that two players may lie apart before the second jumps. */
const APART = 2;

/** A second moment that is played in step with another player, always the same stretch of time before or after it. */
export class SplitViewPlayer {
  readonly player: PastPlayer;
  private readonly stops: (() => void)[];

  /** @param offset ms from the first player's moment to this one's */
  constructor(
    private readonly first: PastPlayer,
    private apart: number,
    source: PastSource,
    end: () => number,
  ) {
    this.player = new PastPlayer(first.state().at + apart, source, end);
    this.mirror();
    this.stops = [first.onChange(() => this.mirror()), every(LOOK, () => this.follow())];
  }

  /** ms from the first player's moment to this one's. */
  get offset(): number {
    return this.apart;
  }

  setOffset(ms: number): void {
    this.apart = ms;
    this.player.seek(this.first.state().at + ms);
  }

  close(): void {
    for (const stop of this.stops) stop();
    this.player.close();
  }

  /** What was done to the first is done to this one. */
  private mirror(): void {
    const [theirs, own] = [this.first.state(), this.player.state()];
    if (theirs.knowledge !== own.knowledge) this.player.setKnowledge(theirs.knowledge);
    if (theirs.speed !== own.speed) this.player.setSpeed(theirs.speed);
    this.follow();
  }

  /** Each waits for its own past to come; whoever is ahead then is waited for. */
  private follow(): void {
    const [theirs, own] = [this.first.state(), this.player.state()];
    const ahead = own.at - this.apart - theirs.at;
    const plays = theirs.playing && ahead <= 0;
    if (plays !== own.playing) this.player.play(plays);
    const allowed = theirs.playing ? APART * 1_000 * theirs.speed : 0;
    if (!own.loading && Math.abs(ahead) > allowed) this.player.seek(theirs.at + this.apart);
  }
}
