/** A number in [0, 1) that depends on its arguments alone: any moment can be computed without those before it. */
export function chance(seed: number, ...keys: (string | number)[]): number {
  let hash = (seed ^ 0x9e3779b9) >>> 0;
  for (const key of keys) {
    const text = String(key);
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) >>> 0;
  }
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) >>> 0;
  return ((hash ^ (hash >>> 16)) >>> 0) / 4294967296;
}

/** Smooth noise in [-1, 1] that wanders once a `period` ms. */
export function wander(seed: number, key: string, at: number, period: number): number {
  const step = Math.floor(at / period);
  const part = at / period - step;
  const ease = part * part * (3 - 2 * part);
  const a = chance(seed, key, step);
  const b = chance(seed, key, step + 1);
  return (a + (b - a) * ease) * 2 - 1;
}
