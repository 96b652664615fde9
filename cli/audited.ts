import os from "node:os";
import type { Kysely } from "kysely";
import type { Deed } from "../lib/control/audit";
import type { ControlAsk } from "../lib/control/remote";
import type { Tables } from "../lib/control/tables";
import { now } from "../lib/clock";
import type { By, Control } from "../lib/control/context";
import type { MethodName, Params, Result } from "../lib/control/methods";
import { environment, fail } from "./arguments";

/** Opens this installation's control data for a task, and closes it after it. */
export async function withControl<T>(task: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
  const { openControl } = await import("../lib/control/open");
  const { CITYWALL_DATA, DATABASE_URL } = environment();
  const db = await openControl({ data: CITYWALL_DATA, databaseUrl: DATABASE_URL });
  try {
    return await task(db);
  } finally {
    await db.destroy();
  }
}

/** Asks this installation's control data as the gateway does, in this process. @throws ControlRefusal what a person may be told */
export async function withControlAsk<T>(task: (control: ControlAsk) => Promise<T>): Promise<T> {
  const { controlHere } = await import("../lib/control/here");
  const { CITYWALL_DATA, DATABASE_URL } = environment();
  const control = await controlHere({ data: CITYWALL_DATA, databaseUrl: DATABASE_URL });
  try {
    return await task(control);
  } finally {
    await control.close();
  }
}

/**
 * Who runs a command, as the audit log has it: the account of the machine, and of a command run by sudo who asked for it.
 */
export function operator(): string {
  const asked = process.env.SUDO_USER;
  const { username } = os.userInfo();
  return asked && asked !== username ? `command ${asked} as ${username}` : `command ${username}`;
}

type Ask = <M extends MethodName>(method: M, params: Params<M>) => Promise<Result<M>>;

/**
 * Asks this installation's control data, as who runs the command. Ends the command by its field where they refuse.
 * @param task asks, and says by whom
 */
export async function askControl<T>(task: (ask: Ask, by: By) => Promise<T>): Promise<T> {
  const [{ METHODS }, { ControlRefusal }] = await Promise.all([
    import("../lib/control/methods"),
    import("../lib/control/refusal"),
  ]);
  return withControl(async (db) => {
    const ask = <M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>> => {
      const run = METHODS[method] as (control: Control, params: Params<M>) => Promise<Result<M>>;
      return run({ db, now }, params);
    };
    return task(ask, { who: operator(), address: "" });
  }).catch((error: unknown) => {
    if (error instanceof ControlRefusal) fail(error.field ? `${error.field}: ${error.message}` : error.message);
    throw error;
  });
}

/**
 * Writes into the audit log what a command is about to do. Before it is done, so that nothing is done that the log does not have.
 * @throws where it can't be kept
 */
export async function record(deed: Omit<Deed, "who" | "address">): Promise<void> {
  const { append } = await import("../lib/control/audit");
  await withControl((db) => append(db, { who: operator(), ...deed }));
}
