/** The process of the control data: who may do what, and who did. The gateway asks it. */
import { ControlRefusal } from "../lib/control/refusal";
import type { MethodName, Params } from "../lib/control/methods";
import type { FromControl, ToControl } from "../lib/control/remote";
import { keepToOwner } from "./data-folder";
import { oidcSettings, readEnvironment, type Environment } from "./environment";
import { Lifecycle } from "./lifecycle";

// The gateway ends it by hanging up; signals to the whole group must not end it before its gateway.
const life = new Lifecycle({ name: "control", limit: 5_000, endsBy: "parent" });

function tell(message: FromControl): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

async function open(environment: Environment): Promise<void> {
  const { CITYWALL_DATA, DATABASE_URL } = environment;
  keepToOwner();
  const { controlHere } = await import("../lib/control/here");
  const place = { data: CITYWALL_DATA, databaseUrl: DATABASE_URL };
  const control = await controlHere(place, undefined, oidcSettings(environment));
  let revision = 0;
  control.onChange(() => tell({ kind: "revision", revision: ++revision }));
  process.on("message", (message: ToControl) => {
    const { id, method, params } = message;
    control.call(method, params as Params<MethodName>).then(
      (result) => tell({ kind: "answer", id, result }),
      (error: unknown) => {
        if (error instanceof ControlRefusal) {
          const { code, message, field, wait } = error;
          const more = { ...(field === undefined ? {} : { field }), ...(wait === undefined ? {} : { wait }) };
          return tell({ kind: "refusal", id, code, message, ...more });
        }
        console.error(`control: ${method} failed:`, error);
        tell({ kind: "failure", id });
      },
    );
  });
  life.onEnd(() => control.close());
  tell({ kind: "open", revision });
}

await life.run(() => open(readEnvironment(process.env)));
