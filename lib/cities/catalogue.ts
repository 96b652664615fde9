import { stat } from "node:fs/promises";
import path from "node:path";
import { every } from "../clock";
import type { CityFacts } from "../contract/city";
import type { ScreenMessage } from "../contract/socket-messages";
import type { Screen } from "../contract/screens";
import type { Indicator } from "../contract/indicators";
import {
  cityNames,
  ConfigError,
  fingerprint,
  loadCity,
  loadIndicators,
  loadScreen,
  screenNames,
  type LoadedCity,
  type TileCheck,
} from "./load";

/** A screen as it now stands: the last good layout, and what is wrong with a newer file. */
export interface ScreenEntry {
  revision: number;
  layout: Screen | null;
  error: string | null;
}

interface Entry {
  city: LoadedCity;
  /** what is wrong with newer city files, kept beside the last good ones */
  error: string | null;
  screens: Map<string, ScreenEntry>;
  files: Map<string, string>;
}

/** How often files are looked at, ms: an edit has to show within two seconds. */
const LOOK_EVERY = 500;

/**
 * Every city and screen, kept current while it runs. A faulty file never replaces a good one.
 * Polls modification times: it works the same on network shares and container mounts, where
 * file notifications get lost.
 */
export class Catalogue {
  private readonly entries = new Map<string, Entry>();
  private readonly listeners = new Set<(message: ScreenMessage) => void>();
  private stop: (() => void) | null = null;
  private looking = false;
  /** city folders that could not be used at all, with the reason */
  readonly broken = new Map<string, string>();
  /** what cities can be compared by; the last good ones, and what is wrong with a newer file */
  indicators: Indicator[] = [];
  indicatorsError: string | null = null;
  private indicatorsPrint = "";

  constructor(
    private readonly root: string,
    private readonly checkTile: TileCheck,
  ) {}

  /** Loads everything and begins to watch. */
  async open(): Promise<void> {
    await this.look();
    this.stop = every(LOOK_EVERY, () => void this.look());
  }

  close(): void {
    this.stop?.();
  }

  onScreen(listener: (message: ScreenMessage) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  cities(): CityFacts[] {
    return [...this.entries.values()]
      .map((entry) => entry.city.facts)
      .sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));
  }

  city(id: string): LoadedCity | undefined {
    return this.entries.get(id)?.city;
  }

  screens(city: string): Map<string, ScreenEntry> {
    return this.entries.get(city)?.screens ?? new Map();
  }

  message(city: string, screen: string): ScreenMessage | null {
    const entry = this.screens(city).get(screen);
    return entry ? { city, screen, revision: entry.revision, layout: entry.layout, error: entry.error } : null;
  }

  /** One look at the files; does nothing while another is under way. */
  async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      for (const name of await cityNames(this.root)) await this.lookAtCity(name);
      await this.lookAtIndicators();
    } finally {
      this.looking = false;
    }
  }

  private async lookAtIndicators(): Promise<void> {
    const info = await stat(path.join(this.root, "indicators.json")).catch(() => null);
    const print = `${info?.mtimeMs} ${info?.size}`;
    if (print === this.indicatorsPrint) return;
    this.indicatorsPrint = print;
    try {
      this.indicators = await loadIndicators(this.root);
      this.indicatorsError = null;
    } catch (error) {
      this.indicatorsError = (error as Error).message;
    }
  }

  private async lookAtCity(name: string): Promise<void> {
    const files = await fingerprint(this.root, name);
    const known = this.entries.get(name);
    const changed = [...new Set([...files.keys(), ...(known?.files.keys() ?? [])])].filter(
      (file) => files.get(file) !== known?.files.get(file),
    );
    if (known && changed.length === 0) return;
    const cityChanged = !known || changed.some((file) => !file.startsWith("screens/"));
    const entry = cityChanged ? await this.reload(name, known) : known;
    if (!entry) return;
    entry.files = files;
    for (const screen of await screenNames(this.root, name)) {
      if (cityChanged || changed.includes(`screens/${screen}.json`)) await this.reloadScreen(entry, screen);
    }
    for (const screen of entry.screens.keys()) {
      if (!files.has(`screens/${screen}.json`)) this.refuse(entry, screen, "the file is gone");
    }
  }

  private async reload(name: string, known: Entry | undefined): Promise<Entry | null> {
    try {
      const city = await loadCity(this.root, name);
      const entry = known ?? { city, error: null, screens: new Map(), files: new Map() };
      entry.city = city;
      entry.error = null;
      this.entries.set(name, entry);
      this.broken.delete(name);
      return entry;
    } catch (error) {
      this.broken.set(name, (error as Error).message);
      if (known) known.error = (error as Error).message;
      return known ?? null;
    }
  }

  private async reloadScreen(entry: Entry, screen: string): Promise<void> {
    try {
      const layout = await loadScreen(this.root, entry.city.facts, screen, this.checkTile);
      const revision = (entry.screens.get(screen)?.revision ?? 0) + 1;
      entry.screens.set(screen, { revision, layout, error: null });
      this.announce(entry, screen);
    } catch (error) {
      this.refuse(entry, screen, error instanceof ConfigError ? error.message : String(error));
    }
  }

  private refuse(entry: Entry, screen: string, error: string): void {
    const known = entry.screens.get(screen);
    if (known?.error === error) return;
    entry.screens.set(screen, { revision: (known?.revision ?? 0) + 1, layout: known?.layout ?? null, error });
    this.announce(entry, screen);
  }

  private announce(entry: Entry, screen: string): void {
    const message = this.message(entry.city.facts.id, screen);
    if (message) for (const listener of this.listeners) listener(message);
  }
}
