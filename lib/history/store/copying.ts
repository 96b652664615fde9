import { mkdir } from "node:fs/promises";
import { linkJournal } from "../writer/journal-copy";
import { bulkJournals } from "../writer/journal";
import type { Engine, EngineCopy } from "./engine";
import { NotOpen } from "./question";

/** What the store knows of a copy that it made of itself. */
export interface StoreCopy extends EngineCopy {
  engine: Engine["name"];
}

interface Asked {
  /** folder that stands for the data folder */
  tree: string;
  resolve: (copy: Promise<StoreCopy>) => void;
}

/**
 * Copies of the store for backups, each as it is between two steps of the store's work: the store itself, and the journals of seeds and
 * imports that it has not taken in up to then. The live journal is its writer's to copy, from before on to after.
 */
export class Copying {
  private asked: Asked[] = [];
  private readonly running = new Set<Promise<unknown>>();

  /**
   * @param data the data folder
   * @param isAtWork whether an engine is still the store's: one that is closed writes its file anew
   */
  constructor(
    private readonly data: string,
    private readonly isAtWork: (engine: Engine) => boolean,
  ) {}

  /** Has a copy made at the store's next step. @throws NotOpen where the store was closed before it stood */
  ask(tree: string): Promise<StoreCopy> {
    return new Promise((resolve) => this.asked.push({ tree, resolve }));
  }

  /** To be called between two steps of work: begins what was asked for. Resolves once the moments of all of them are over. */
  async begin(engine: Engine): Promise<void> {
    for (const { tree, resolve } of this.asked.splice(0))
      await new Promise<void>((passed) => {
        const copy = this.copy(engine, tree, passed);
        this.running.add(copy);
        const done = (): void => {
          this.running.delete(copy);
          passed();
        };
        copy.then(done, done);
        resolve(copy);
      });
  }

  private async copy(engine: Engine, tree: string, passed: () => void): Promise<StoreCopy> {
    await mkdir(tree, { recursive: true });
    const state = await engine.copy(tree, () => {
      try {
        for (const name of bulkJournals(this.data)) linkJournal(this.data, name, tree);
      } finally {
        passed();
      }
    });
    if (!this.isAtWork(engine)) throw new NotOpen("the store was closed while it was copied");
    return { engine: engine.name, ...state };
  }

  /** Nothing more is begun, and what is under way has ended. */
  async close(): Promise<void> {
    for (const { resolve } of this.asked.splice(0)) resolve(Promise.reject(new NotOpen("the store is closing")));
    await Promise.allSettled(this.running);
  }
}
