/** Seats of government, WGS-84: where people and things crowd. */
export const SEATS: Record<string, [number, number]> = {
  "320703": [119.3415, 34.7604], "320706": [119.175, 34.603], "320707": [119.1236, 34.8405],
  "320722": [118.761, 34.524], "320723": [119.2503, 34.2998], "320724": [119.347, 34.0938],
};
