import { LIMITS } from "./api/limits";
import { asId, asNumber, asObject, asPlain, asTime, ValidationError } from "./readings";

/** Where a moving thing was seen. WGS-84 degrees; heading in degrees clockwise from north; speed in km/h. */
export interface Position {
  city: string;
  layer: string;
  id: string;
  at: number;
  lon: number;
  lat: number;
  heading: number;
  speed: number;
  label: string;
}

export const THING_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/;

/** Checks one raw item of `POST /api/v1/positions`. @throws ValidationError */
export function parsePosition(raw: unknown, now: number): Position {
  const item = asObject(raw);
  const label = item.label ?? "";
  if (typeof label !== "string" || label.length > LIMITS.text.label)
    throw new ValidationError("label", "wrong-type", `must be a text of at most ${LIMITS.text.label} characters`);
  return {
    city: asId(item.city, "city"),
    layer: asId(item.layer, "layer"),
    id: asId(item.id, "id", THING_ID),
    at: asTime(item.at, "at", now),
    lon: asNumber(item.lon, "lon", -LIMITS.longitude, LIMITS.longitude),
    lat: asNumber(item.lat, "lat", -LIMITS.latitude, LIMITS.latitude),
    heading: item.heading === undefined ? 0 : asNumber(item.heading, "heading", 0, LIMITS.heading) % 360,
    speed: item.speed === undefined ? 0 : asNumber(item.speed, "speed", 0, LIMITS.speed),
    label: asPlain(label, "label"),
  };
}
