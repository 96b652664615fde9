import { monotonic, turn } from "./index";

/** Most ms of work before whatever else waits gets its turn. */
const STRETCH = 8;

/** Cuts long work into stretches, between which others have their turn (Node only). */
export class Pace {
  private began = monotonic();

  /** True where the stretch has gone on for long enough: `rest` is then to be waited for. */
  get isOver(): boolean {
    return monotonic() - this.began >= STRETCH;
  }

  async rest(): Promise<void> {
    await turn();
    this.began = monotonic();
  }
}
