/**
 * Preloaded (`--import`) into children that have nothing to finish: they end as soon as the process that forked them is
 * gone. Plain JavaScript, as it is loaded before anything that could read TypeScript.
 * Its address names that process (`?of=<pid>`): a child of the child inherits the option, such as a worker of Next's, and is its
 * own parent's business.
 */
const forkedHere = new URL(import.meta.url).searchParams.get("of") === String(process.ppid);

function followParent() {
  process.on("disconnect", () => process.exit(0));
  process.on("message", (message) => {
    if (message?.end === "at once") process.exit(1);
  });
  // Listening here is no reason to go on when there is nothing left to do; where the program itself listens as well, it is.
  let listeners = 0;
  const listens = (more) => (name) => {
    if (name !== "message" && name !== "disconnect") return;
    listeners += more;
    process.channel?.[listeners > 0 ? "ref" : "unref"]();
  };
  process.on("newListener", listens(1));
  process.on("removeListener", listens(-1));
  process.channel?.unref();
  // As `lib/clock/watchdog.ts` has it: who started it kills it when it is silent.
  const say = () => {
    if (process.connected) process.send({ alive: true }, undefined, undefined, () => {});
  };
  say();
  setInterval(say, 1_000).unref();
}

// The parent may be gone already; nobody would say so again.
if (process.connected === false) process.exit(0);
if (forkedHere) followParent();
