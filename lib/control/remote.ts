import type { ChildProcess } from "node:child_process";
import { after } from "../clock";
import { supervise, type Supervised } from "../processes/supervise";
import { ControlAway, ControlRefusal } from "./refusal";
import type { MethodName, Params, Result } from "./methods";

/** The control data as the gateway asks it. */
export interface ControlAsk {
  /** @throws ControlRefusal what a caller may be told; ControlAway */
  call<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>>;
  /** told each time that who may do what has changed */
  onChange(listener: () => void): void;
  close(): Promise<void>;
}

/** Gateway to the process of the control data. */
export interface ToControl {
  id: number;
  method: MethodName;
  params: unknown;
}
/** And back. */
export type FromControl =
  | { kind: "answer"; id: number; result: unknown }
  | { kind: "refusal"; id: number; code: ControlRefusal["code"]; message: string; field?: string; wait?: number }
  | { kind: "failure"; id: number }
  | { kind: "open"; revision: number }
  | { kind: "revision"; revision: number };

/** Most ms that a question may take, and that the process has to close. */
const PATIENCE = 10_000;
const CLOSING = 5_000;

interface Waiting {
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
  cancel: () => void;
}

/**
 * The control data in a process of its own: its driver is synchronous and hashing a password takes a processor for a tenth of a second,
 * neither of which a wall may feel.
 */
export class RemoteControl implements ControlAsk {
  private readonly process: Supervised;
  private readonly waiting = new Map<number, Waiting>();
  private readonly listeners = new Set<() => void>();
  private readonly opening: Waiting[] = [];
  private isOpen = false;
  private nextId = 1;

  /** @param launch starts the process, at first and again after it ended */
  constructor(launch: () => ChildProcess) {
    this.process = supervise({
      name: "control",
      launch,
      onMessage: (message) => this.take(message as FromControl),
      onGone: () => this.gone(),
    });
  }

  private gone(): void {
    this.isOpen = false;
    for (const { reject, cancel } of this.waiting.values()) {
      cancel();
      reject(new ControlAway("the control data went away"));
    }
    this.waiting.clear();
  }

  private take(message: FromControl): void {
    if (message.kind === "open" || message.kind === "revision") {
      if (message.kind === "open") this.opened();
      // After a restart nobody knows what changed meanwhile.
      for (const listener of this.listeners) listener();
      return;
    }
    const waiting = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    waiting?.cancel();
    if (message.kind === "answer") waiting?.resolve(message.result);
    else if (message.kind === "refusal")
      waiting?.reject(new ControlRefusal(message.code, message.message, message.field, message.wait));
    else waiting?.reject(new ControlAway("it failed at this question; its log says why"));
  }

  private opened(): void {
    this.isOpen = true;
    for (const { resolve, cancel } of this.opening.splice(0)) {
      cancel();
      resolve(undefined);
    }
  }

  /** Waits until the process can be asked. @throws ControlAway */
  private whenOpen(): Promise<unknown> {
    if (this.isOpen) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const cancel = after(PATIENCE, () => reject(new ControlAway("it is not open")));
      this.opening.push({ resolve, reject, cancel });
    });
  }

  async call<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>> {
    await this.whenOpen();
    return new Promise<Result<M>>((resolve, reject) => {
      const id = this.nextId++;
      const cancel = after(PATIENCE, () => {
        this.waiting.delete(id);
        reject(new ControlAway("it takes too long"));
      });
      this.waiting.set(id, { resolve: resolve as (result: unknown) => void, reject, cancel });
      this.process.send({ id, method, params } satisfies ToControl);
    });
  }

  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  close(): Promise<void> {
    for (const { reject, cancel } of this.opening.splice(0)) {
      cancel();
      reject(new ControlAway("it is closed"));
    }
    return this.process.stop(CLOSING, "hanging up");
  }
}
