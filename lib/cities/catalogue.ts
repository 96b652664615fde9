import { stat } from "node:fs/promises";
import path from "node:path";
import { every } from "../clock";
import type { CityFacts } from "../contract/city";
import type { ScreenMessage } from "../contract/socket-messages";
import type { Screen } from "../contract/screens";
import type { Indicator } from "../contract/indicators";
import type { OwnThemes } from "../contract/theme";
import {
  cityNames,
  ConfigError,
  fingerprint,
  loadCity,
  loadIndicators,
  loadScreen,
  loadThemes,
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
  screens: Map<string, ScreenEntry>;
  /** its files as they were when they were last looked at; one that could not be read is left out, and tried again */
  files: Map<string, string>;
  /** its files could not be read: they are tried again, changed or not */
  away: boolean;
  /** why its theme.json cannot be used: the colours that were read last stay, and so does all else of it */
  themeError: string | null;
  /** it could not be read: it is tried again, changed or not */
  themeAway: boolean;
}

/** A file as it was last looked at. */
export interface FileState {
  /** when it was written and how much it holds, as `fingerprint` tells it */
  print: string;
  /** why it is not in force, what was read before it staying; null: it is */
  why: string | null;
}

/** What is wrong with a place's own files, and how they were then. */
interface Fault {
  error: ConfigError;
  files: ReadonlyMap<string, string>;
}

/** How often files are looked at, ms: an edit has to show within two seconds. */
const LOOK_EVERY = 500;

/**
 * Every city and screen, kept current while it runs. A faulty file never replaces a good one, and what cannot be read
 * for a while stays as it was. Polls modification times: it works the same on network shares and container mounts,
 * where file notifications get lost.
 */
export class Catalogue {
  private readonly entries = new Map<string, Entry>();
  private readonly listeners = new Set<(message: ScreenMessage) => void>();
  private stop: (() => void) | null = null;
  private looking = false;
  private wasRead = false;
  private isEmpty = true;
  /** why the folder of cities cannot be read now, or null */
  unreadable: string | null = null;
  /** cities whose files cannot be used, with the reason; the last good ones stay */
  readonly broken = new Map<string, string>();
  /** what cities can be compared by; the last good ones, and what is wrong with a newer file */
  indicators: Indicator[] = [];
  indicatorsError: string | null = null;
  private indicatorsPrint = "";
  /** places one of whose own files is faulty, screens and colours aside */
  private readonly faults = new Map<string, Fault>();

  constructor(
    private readonly root: string,
    private readonly checkTile: TileCheck,
  ) {}

  /** Loads everything and begins to watch. */
  async open(): Promise<void> {
    await this.look();
    for (const [, error] of this.broken) console.error(`citywall: ${error}`);
    this.stop = every(LOOK_EVERY, () => void this.watch());
  }

  /** Looks, and logs what has become wrong since the last look, or right again. */
  private async watch(): Promise<void> {
    if (this.looking) return;
    const { unreadable, broken } = { unreadable: this.unreadable, broken: new Map(this.broken) };
    await this.look().catch((error: unknown) => console.error("citywall: cities:", error));
    if (this.unreadable !== null && unreadable === null)
      console.error(`citywall: cities cannot be read: ${this.unreadable}; what was read last stays`);
    if (this.unreadable === null && unreadable !== null) console.error("citywall: cities can be read again");
    for (const [name, error] of this.broken) if (broken.get(name) !== error) console.error(`citywall: ${error}`);
    for (const name of broken.keys()) if (!this.broken.has(name)) console.error(`citywall: ${name} is in order again`);
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
    const place = this.entries.get(city);
    if (!entry || !place) return null;
    const { theme: setting, ownThemes: own } = place.city.facts;
    return {
      city,
      screen,
      revision: entry.revision,
      layout: entry.layout,
      error: entry.error ?? place.themeError,
      ...(setting || own ? { theme: { ...(setting && { setting }), ...(own && { own }) } } : {}),
    };
  }

  /**
   * Files by their path in the folder, and what came of each. Left out is what nobody can tell of now: what cannot be read, and what
   * waits for another file of its place that is faulty. Null while a look is under way, or the folder cannot be read or is empty, as where
   * a share is not mounted.
   */
  files(): Map<string, FileState> | null {
    if (this.looking || !this.wasRead || this.unreadable !== null || this.isEmpty) return null;
    const states = new Map<string, FileState>();
    for (const [name, entry] of this.entries) if (!entry.away) this.addFiles(states, name, entry);
    for (const [name, { error, files }] of this.faults) {
      const print = files.get(error.file.slice(name.length + 1));
      if (print !== undefined) states.set(error.file, { print, why: error.message });
    }
    if (!this.indicatorsPrint.startsWith("undefined"))
      states.set("indicators.json", { print: this.indicatorsPrint, why: this.indicatorsError });
    return states;
  }

  private addFiles(states: Map<string, FileState>, name: string, { files, screens, ...entry }: Entry): void {
    for (const [file, print] of files) {
      const screen = /^screens\/(.+)\.json$/.exec(file)?.[1];
      if (screen !== undefined) states.set(`${name}/${file}`, { print, why: screens.get(screen)?.error ?? null });
      else if (this.faults.has(name)) continue;
      else if (file !== "theme.json") states.set(`${name}/${file}`, { print, why: null });
      else if (!entry.themeAway) states.set(`${name}/${file}`, { print, why: entry.themeError });
    }
  }

  /** One look at the files; does nothing while another is under way. @throws where the folder could never be read */
  async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      const names = await this.names();
      if (!names) return;
      for (const name of names) await this.lookAtCity(name);
      for (const [name, entry] of this.entries) if (!names.includes(name)) this.miss(name, entry);
      await this.lookAtIndicators();
      this.wasRead = true;
    } finally {
      this.looking = false;
    }
  }

  /** Names of the city folders; null while the folder of cities cannot be read, where it could be before. */
  private async names(): Promise<string[] | null> {
    try {
      const names = await cityNames(this.root);
      this.unreadable = null;
      this.isEmpty = names.length === 0;
      return names;
    } catch (error) {
      if (!this.wasRead) throw error;
      this.unreadable = (error as Error).message;
      return null;
    }
  }

  private miss(name: string, entry: Entry): void {
    entry.away = true;
    this.faults.delete(name);
    this.broken.set(name, `${name}: the folder is gone`);
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
    const known = this.entries.get(name);
    const files = await fingerprint(this.root, name);
    const changed = changedFiles(known?.files, files);
    if (known && !known.away && changed.length === 0) return known.themeAway ? this.retryThemes(known) : undefined;
    const cityChanged = !known || changed.some((file) => !file.startsWith("screens/"));
    const entry = cityChanged || known.away ? await this.reload(name, known, files) : known;
    // Screens of a city that is away are away as well: nothing is wrong with them.
    if (!entry || entry.away) return;
    entry.files = files;
    for (const screen of await screenNames(this.root, name)) {
      if (cityChanged || changed.includes(`screens/${screen}.json`)) await this.reloadScreen(entry, screen);
    }
    for (const screen of entry.screens.keys()) {
      if (!files.has(`screens/${screen}.json`)) this.refuse(entry, screen, "the file is gone");
    }
  }

  private async reload(
    name: string,
    known: Entry | undefined,
    files: ReadonlyMap<string, string>,
  ): Promise<Entry | null> {
    this.faults.delete(name);
    try {
      const city = await loadCity(this.root, name);
      const entry = known ?? {
        city,
        screens: new Map(),
        files: new Map(),
        away: false,
        themeError: null,
        themeAway: false,
      };
      const kept = entry.city.facts.ownThemes;
      entry.city = city;
      entry.away = false;
      this.entries.set(name, entry);
      this.broken.delete(name);
      await this.reloadThemes(entry, kept);
      return entry;
    } catch (error) {
      this.broken.set(name, (error as Error).message);
      if (error instanceof ConfigError && !error.unreadable) this.faults.set(name, { error, files });
      if (known) known.away = error instanceof ConfigError && error.unreadable;
      return known ?? null;
    }
  }

  /**
   * Colours keep no place from being shown: a faulty theme.json is named, and those that were read last stay, which are
   * `kept`.
   */
  private async reloadThemes(entry: Entry, kept: OwnThemes | undefined): Promise<void> {
    const { facts } = entry.city;
    let own = kept;
    entry.themeError = null;
    entry.themeAway = false;
    try {
      own = await loadThemes(this.root, facts.id);
    } catch (error) {
      entry.themeError = (error as Error).message;
      entry.themeAway = error instanceof ConfigError && error.unreadable;
      this.broken.set(facts.id, entry.themeError);
    }
    if (own) facts.ownThemes = own;
    else delete facts.ownThemes;
  }

  /** Another try at a theme.json that could not be read, although it has not changed. */
  private async retryThemes(entry: Entry): Promise<void> {
    const { facts } = entry.city;
    await this.reloadThemes(entry, facts.ownThemes);
    if (entry.themeAway) return;
    if (entry.themeError === null) this.broken.delete(facts.id);
    for (const screen of entry.screens.keys()) this.announce(entry, screen);
  }

  private async reloadScreen(entry: Entry, screen: string): Promise<void> {
    try {
      const layout = await loadScreen(this.root, entry.city.facts, screen, this.checkTile);
      const revision = (entry.screens.get(screen)?.revision ?? 0) + 1;
      entry.screens.set(screen, { revision, layout, error: null });
      this.announce(entry, screen);
    } catch (error) {
      if (error instanceof ConfigError && error.unreadable) entry.files.delete(`screens/${screen}.json`);
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

/** Files that came, went or changed. */
function changedFiles(before: Map<string, string> | undefined, now: Map<string, string>): string[] {
  const all = new Set([...now.keys(), ...(before?.keys() ?? [])]);
  return [...all].filter((file) => now.get(file) !== before?.get(file));
}
