/**
 * Loaded before a gateway or a store (`node --import`) that a test owns the time of: Date.now() is what the file says
 * that CITYWALL_MODEL_CLOCK names, in ms. The programs themselves are those that run in a city.
 */
import { readFileSync } from "node:fs";

const file = process.env.CITYWALL_MODEL_CLOCK;
let last = 0;
if (file) {
  Date.now = () => {
    try {
      last = Number(readFileSync(file, "utf8")) || last;
    } catch {
      // The file is just being replaced: the time has not moved.
    }
    return last;
  };
}
