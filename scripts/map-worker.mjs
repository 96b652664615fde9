/**
 * Stands before MapLibre's worker: that is 0.5 MB of script, and a map without sources of its own only tells it things
 * to remember. They are remembered here; the worker itself is loaded with the first message that asks something of it.
 */
// setLayers, updateLayers, setImages, updateGlobalState, setReferrer: MapLibre waits for an answer to none of them.
const TO_REMEMBER = new Set(["SL", "UL", "SI", "UGS", "SR"]);
const REMOVE_MAP = "RM";
let kept = [];

function keep(event) {
  const { type, sourceMapId } = event.data ?? {};
  if (type === REMOVE_MAP) {
    kept = kept.filter(({ data }) => data.sourceMapId !== sourceMapId);
    return;
  }
  kept.push(event);
  if (!TO_REMEMBER.has(type)) void load();
}

let loading = false;

async function load() {
  if (loading) return;
  loading = true;
  await import("./maplibre-gl-worker.mjs");
  self.removeEventListener("message", keep);
  // The worker listens from here on; what came before is told in the order in which it came.
  for (const { data } of kept) self.dispatchEvent(new MessageEvent("message", { data }));
  kept = [];
}

self.addEventListener("message", keep);
