import { after, frame, monotonic } from "../clock";

/** figures go first and all at once; charts and maps take turns within the budget */
export type Rank = "figure" | "chart";

export interface RenderTask {
  rank: Rank;
  /** Draws the present state; false when there was nothing to draw yet, so that the first data is drawn at once. */
  paint(): boolean | void;
  /** False while nothing of it can be seen: then it is not drawn. */
  visible(): boolean;
  /** ms between two paintings at the least */
  every: number;
}

export interface RenderHandle {
  /** Something changed: paint when there is room. */
  mark(): void;
  /** What is drawn is wrong by itself, as after a change of size: paint in the next frame, whatever the pace. */
  renew(): void;
  remove(): void;
}

interface Slot {
  task: RenderTask;
  dirty: boolean;
  paintedAt: number;
}

/**
 * Charts wait for the next multiple of this (ms), so that those due at about the same time share a frame: handing a
 * frame over costs more than drawing a small chart.
 */
export const CHART_GRID = 125;

/** ms a frame may spend on charts. At 60 frames a second 16.7 are there; layout and raster need the rest. */
export const CHART_BUDGET = 6;

export interface RenderStats {
  frames: number;
  figures: number;
  charts: number;
  /** charts put off to a later frame because the budget was spent */
  deferred: number;
  /** what could not be drawn */
  faults: number;
  /** when anything was last drawn, by the scheduler's clock; -Infinity: nothing was yet */
  paintedAt: number;
}

/**
 * Decides what is drawn when, apart from how fast data comes: marks only set a flag. A frame draws all
 * changed figures, then charts in turn, longest unpainted first, until the budget is spent; at
 * least one, so that a heavy chart cannot starve. Nothing runs while nothing is due.
 */
export class RenderScheduler {
  private readonly slots = new Set<Slot>();
  private cancel: (() => void) | null = null;
  private wakeAt = Infinity;
  readonly stats: RenderStats = {
    frames: 0,
    figures: 0,
    charts: 0,
    deferred: 0,
    faults: 0,
    paintedAt: -Infinity,
  };

  constructor(
    private readonly clock: () => number = monotonic,
    private readonly onFrame: (task: () => void) => () => void = frame,
    private readonly later: (ms: number, task: () => void) => () => void = after,
  ) {}

  add(task: RenderTask): RenderHandle {
    const slot: Slot = { task, dirty: true, paintedAt: -Infinity };
    this.slots.add(slot);
    this.wake(0);
    return {
      mark: () => {
        if (slot.dirty && this.cancel) return;
        slot.dirty = true;
        this.wake(this.waitFor(slot, this.clock()));
      },
      renew: () => {
        this.outdate(slot);
        this.wake(0);
      },
      remove: () => this.slots.delete(slot),
    };
  }

  /** Everything is drawn anew in the next frames, whatever its pace: the page was hidden, a font arrived. */
  renewAll(): void {
    for (const slot of this.slots) this.outdate(slot);
    this.wake(0);
  }

  private outdate(slot: Slot): void {
    slot.dirty = true;
    slot.paintedAt = -Infinity;
  }

  private wake(inMs: number): void {
    const at = this.clock() + Math.max(0, inMs);
    if (this.cancel && at >= this.wakeAt - 1) return;
    this.cancel?.();
    this.wakeAt = at;
    this.cancel =
      inMs <= 1
        ? this.onFrame(() => this.run())
        : this.later(inMs, () => {
            this.cancel = this.onFrame(() => this.run());
          });
  }

  private run(): void {
    this.cancel = null;
    this.wakeAt = Infinity;
    this.stats.frames++;
    const start = this.clock();
    const due = [...this.slots].filter(
      (slot) => slot.dirty && start - slot.paintedAt >= slot.task.every - 1 && slot.task.visible(),
    );
    for (const slot of due) if (slot.task.rank === "figure") this.paint(slot, start);
    const charts = due.filter((slot) => slot.task.rank === "chart").sort((a, b) => a.paintedAt - b.paintedAt);
    const chartsFrom = this.clock();
    charts.forEach((slot, i) => {
      if (i > 0 && this.clock() - chartsFrom >= CHART_BUDGET) this.stats.deferred++;
      else this.paint(slot, start);
    });
    this.plan();
  }

  private paint(slot: Slot, at: number): void {
    slot.dirty = false;
    this.stats[slot.task.rank === "figure" ? "figures" : "charts"]++;
    try {
      if (slot.task.paint() !== false) {
        slot.paintedAt = at;
        this.stats.paintedAt = at;
      }
    } catch (error) {
      this.stats.faults++;
      // One broken tile must not stop the wall.
      console.error("repaint:", error);
    }
  }

  /** ms until a slot may be painted. The very first painting, and what a frame deferred, wait for nothing. */
  private waitFor(slot: Slot, now: number): number {
    const due = slot.paintedAt + slot.task.every;
    if (slot.task.rank === "figure" || due <= now) return due - now;
    return Math.ceil(due / CHART_GRID) * CHART_GRID - now;
  }

  private plan(): void {
    const now = this.clock();
    let soonest = Infinity;
    for (const slot of this.slots) {
      if (slot.dirty && slot.task.visible()) soonest = Math.min(soonest, this.waitFor(slot, now));
    }
    if (soonest < Infinity) this.wake(soonest);
  }
}
