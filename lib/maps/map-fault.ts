/** An archive that cannot be used, and why. */
export class MapFault extends Error {}
