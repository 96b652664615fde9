/** Why a method refused: what a caller may be told. */
export class ControlRefusal extends Error {
  /** @param field the member of the request that is wrong; left out where it is none */
  constructor(
    readonly code: "unknown" | "invalid" | "taken" | "expired" | "locked" | "refused",
    message: string,
    readonly field?: string,
  ) {
    super(message);
  }
}
