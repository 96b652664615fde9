/**
 * Ms for which what the control data said last holds while nobody can ask them: over a weekend, and no longer, as somebody may have been
 * withdrawn meanwhile.
 */
export const HOLDS_WHILE_AWAY = 72 * 3_600_000;

/** How often at least what was said is to be confirmed, and it is kept when it was, ms: the time above is counted from then. */
export const CONFIRMED_EVERY = 3_600_000;
