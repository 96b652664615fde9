/** The process of the control data: who may do what, and who did. The gateway asks it. */
import { every } from "../lib/clock";
import type { ControlAsk } from "../lib/control/remote";
import { ControlRefusal } from "../lib/control/refusal";
import type { MethodName, Params } from "../lib/control/methods";
import type { FromControl, ToControl } from "../lib/control/remote";
import { giveWay } from "../lib/processes/give-way";
import { keepToOwner } from "./data-folder";
import { oidcSettings, readEnvironment, type Environment } from "./environment";
import { Lifecycle } from "./lifecycle";

// The gateway ends it by hanging up; signals to the whole group must not end it before its gateway.
const life = new Lifecycle({ name: "control", limit: 5_000, endsBy: "parent" });

function tell(message: FromControl): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

/** How often lines of the audit log that are old enough are forgotten, ms. */
const DAY = 86_400_000;

/** Forgets what is older than it is kept, now and once a day. */
function forgetDaily(control: ControlAsk, days: number): () => void {
  const forget = (): void => {
    control.call("auditForget", { keep: days * DAY }).then(
      (lines) => lines > 0 && console.log(`control: ${lines} lines of the audit log were older than ${days} days`),
      (error: Error) => console.error("control: old lines of the audit log cannot be forgotten:", error.message),
    );
  };
  forget();
  return every(DAY, forget);
}

async function open(environment: Environment): Promise<void> {
  const { CITYWALL_DATA, DATABASE_URL, CITYWALL_AUDIT_DAYS } = environment;
  keepToOwner();
  // To compare a password takes a processor for a while, on purpose: walls come first.
  await giveWay();
  const { controlHere } = await import("../lib/control/here");
  const place = { data: CITYWALL_DATA, databaseUrl: DATABASE_URL };
  const control = await controlHere(place, undefined, oidcSettings(environment));
  // Its file stays as it is, and other tokens hold: publishers of the old ones are refused until it can be read.
  await control
    .call("tokensTakeOver", { folder: CITYWALL_DATA })
    .catch((error: Error) => console.error(`control: ${CITYWALL_DATA}/tokens.json: ${error.message}`));
  life.onEnd(forgetDaily(control, CITYWALL_AUDIT_DAYS));
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
