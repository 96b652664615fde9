/** One position as a mock publishes it. */
export interface MockPosition {
  city: string;
  layer: string;
  id: string;
  at: string;
  lon: number;
  lat: number;
  heading: number;
  speed: number;
  label: string;
}
