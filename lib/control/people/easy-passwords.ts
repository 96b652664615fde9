import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { adjacencyGraphs, dictionary } from "@zxcvbn-ts/language-common";

/**
 * Guesses that are too few, as a power of ten: what is tried first by whoever goes through passwords that are known, keyboards and
 * repetitions, as zxcvbn counts them (Wheeler, USENIX Security 2016). Sign-ins are slowed down, so that this many take centuries.
 */
const TOO_FEW = 8;
/** Characters of a password that are looked at: more of them take seconds, and make it no easier. */
const LOOKED_AT = 64;

let judge: ZxcvbnFactory | null = null;

/** Made when first needed: its lists take a moment to read. */
function judgeOf(): ZxcvbnFactory {
  judge ??= new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
  return judge;
}

/** Whether a password is known to many or made as many are. @param about words that are no secret, such as the account's name */
export function isEasyToGuess(password: string, about: readonly string[]): boolean {
  const known = ["citywall", ...about].filter((word) => word !== "");
  return judgeOf().check(password.slice(0, LOOKED_AT), known).guessesLog10 < TOO_FEW;
}
