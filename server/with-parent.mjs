/**
 * Preloaded (`--import`) into children that have nothing to finish: they end as soon as the process that forked them is
 * gone. Plain JavaScript, as it is loaded before anything that could read TypeScript.
 */
process.on("disconnect", () => process.exit(0));
process.on("message", (message) => {
  if (message?.end === "at once") process.exit(1);
});
// Listening here is no reason to go on when there is nothing left to do. Where the program listens as well it is, until it no
// longer does: so a worker of Next's, which inherits this, waits for its tasks and ends.
let listeners = 0;
const listens = (more) => (name) => {
  if (name !== "message" && name !== "disconnect") return;
  listeners += more;
  process.channel?.[listeners > 0 ? "ref" : "unref"]();
};
process.on("newListener", listens(1));
process.on("removeListener", listens(-1));
process.channel?.unref();
// The parent may be gone already; nobody would say so again.
if (process.connected === false) process.exit(0);
