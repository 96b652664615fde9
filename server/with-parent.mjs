/**
 * Preloaded (`--import`) into children that have nothing to finish: they end as soon as the process that forked them is
 * gone. Plain JavaScript, as it is loaded before anything that could read TypeScript.
 */
process.on("disconnect", () => process.exit(0));
process.on("message", (message) => {
  if (message?.end === "at once") process.exit(1);
});
// The parent may be gone already; nobody would say so again.
if (process.connected === false) process.exit(0);
