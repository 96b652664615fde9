/**
 * Loaded before programs whose clock is set while they run (`node --import`): Date.now() is moved by as many ms as the file
 * says that CITYWALL_TORTURE_CLOCK names, looked at every ten milliseconds at the most. The programs are those that run in a
 * city.
 */
import { readFileSync } from "node:fs";

const file = process.env.CITYWALL_TORTURE_CLOCK;
const real = Date.now;
let [shift, lookedAt] = [0, -Infinity];
if (file)
  Date.now = () => {
    const elapsed = performance.now();
    if (elapsed - lookedAt > 10) {
      lookedAt = elapsed;
      try {
        shift = Number(readFileSync(file, "utf8")) || 0;
      } catch {
        // It is just being replaced.
      }
    }
    return real() + shift;
  };
