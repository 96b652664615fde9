/** Why a method refused: what a caller may be told. */
export class ControlRefusal extends Error {
  /**
   * @param field the member of the request that is wrong; left out where it is none
   * @param wait of `locked`: seconds after which it may be tried again
   */
  constructor(
    readonly code: "unknown" | "invalid" | "taken" | "expired" | "locked" | "refused" | "no-right",
    message: string,
    readonly field?: string,
    readonly wait?: number,
  ) {
    super(message);
  }
}

/** The control data cannot be asked now. */
export class ControlAway extends Error {}
