import type { Place } from "../kit/place";

/** Districts of Lianyungang; shares follow residents, more for the two urban ones. */
export const place: Place = {
  city: "lianyungang",
  salt: 0,
  shares: { "320703": 0.1, "320706": 0.29, "320707": 0.19, "320722": 0.19, "320723": 0.13, "320724": 0.1 },
  seats: {
    "320703": [119.3415, 34.7604],
    "320706": [119.175, 34.603],
    "320707": [119.1236, 34.8405],
    "320722": [118.761, 34.524],
    "320723": [119.2503, 34.2998],
    "320724": [119.347, 34.0938],
  },
};
