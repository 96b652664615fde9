/** A value on its scale. */
export interface BulletInput {
  /** null where it does not count */
  value: number | null;
  min: number;
  max: number;
  /** null where there is none */
  target: number | null;
  better: "up" | "down" | "none";
}

/** Parts of a bar, 0 to 1 from its left end. */
export interface Bullet {
  /** how far it is filled; null: not at all, as nothing may be said */
  fill: number | null;
  /** where values are as they should be; null where there is no target, or it is neither better above nor below */
  band: { from: number; to: number } | null;
  /** where the target is */
  target: number | null;
}

/** Steps in which a bar grows: finer than a pixel of the widest one. */
const STEPS = 2_000;

/** What is drawn of a value: nothing where it does not count, and nothing outside of the scale's ends. */
export function bulletOption({ value, min, max, target, better }: BulletInput): Bullet {
  const part = (at: number): number =>
    Math.round(((Math.max(min, Math.min(max, at)) - min) / (max - min)) * STEPS) / STEPS;
  const goal = target === null ? null : part(target);
  const bands = { up: { from: goal ?? 0, to: 1 }, down: { from: 0, to: goal ?? 0 }, none: null };
  return { fill: value === null ? null : part(value), band: goal === null ? null : bands[better], target: goal };
}
