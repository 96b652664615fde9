import { readFile } from "node:fs/promises";
import path from "node:path";
import { cities as simulated } from "../mock-feeds";
import { ConfigurationError, type Environment } from "./environment";

/** A configured place that has mock feeds. */
export interface MockPlace {
  id: string;
  name: string;
  systems: string[];
}

const known = simulated.map(({ place }) => place.city);

/** @throws ConfigurationError where CITYWALL_MOCK_CITIES names a place that has no mock feeds */
export function checkMockPlaces({ CITYWALL_MOCK_CITIES }: Environment): void {
  const strangers = (CITYWALL_MOCK_CITIES ?? []).filter((id) => !known.includes(id));
  if (strangers.length > 0)
    throw new ConfigurationError(
      `CITYWALL_MOCK_CITIES: there are no mock feeds of ${strangers.map((id) => `"${id}"`).join(", ")}; ` +
        `there are those of ${known.join(", ")}`,
    );
}

/** Configured places that have mock feeds, as far as CITYWALL_MOCK_CITIES lets them; one whose city.json is faulty is left out. */
export async function mockPlaces({ CITYWALL_CITIES, CITYWALL_MOCK_CITIES }: Environment): Promise<MockPlace[]> {
  const wanted = known.filter((id) => CITYWALL_MOCK_CITIES?.includes(id) ?? true);
  const found = await Promise.all(wanted.map((id) => mockPlace(CITYWALL_CITIES, id)));
  return found.flatMap((place) => place ?? []);
}

async function mockPlace(cities: string, id: string): Promise<MockPlace | null> {
  try {
    const text = await readFile(path.join(cities, id, "city.json"), "utf8");
    const { name, systems } = JSON.parse(text) as { name: { en: string }; systems: object };
    return { id, name: name.en, systems: Object.keys(systems) };
  } catch {
    // Not configured, or not usable: the gateway says so.
    return null;
  }
}
