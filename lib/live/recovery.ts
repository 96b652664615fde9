/**
 * Runs before any other script of a page, and without one: a wall whose script or style sheet did not come, or whose
 * page did not come to life, would stay blank or half drawn until somebody reloads it, and nobody stands beside a wall
 * at night. Loads the page again once the server answers, after 3 s at first and up to a minute later each time, and
 * up to half as long again by chance, so that walls that failed together do not come back together. A page that a browser kept whole to go
 * back to (bfcache) is loaded again as well: its visitor may have signed out meanwhile.
 */
export const RECOVERY = `(() => {
  const key = "citywall-recoveries";
  let planned = false;
  const spread = (ms) => ms * (1 + Math.random() / 2);
  const attempt = () => fetch(location.href, { cache: "no-store" })
    .then(({ status }) => status < 500 && status !== 429, () => false)
    .then((served) => (served ? location.reload() : setTimeout(attempt, spread(3000))));
  window.citywallRecover = () => {
    if (planned) return;
    planned = true;
    let tries = 0;
    try {
      tries = Number(sessionStorage.getItem(key)) || 0;
      sessionStorage.setItem(key, String(tries + 1));
    } catch {}
    setTimeout(attempt, spread(Math.min(60000, 3000 * 2 ** tries)));
  };
  addEventListener("error", ({ target }) => {
    const isStyle = target instanceof HTMLLinkElement && target.rel === "stylesheet";
    if (target instanceof HTMLScriptElement || isStyle) window.citywallRecover();
  }, true);
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
  setTimeout(() => "alive" in document.documentElement.dataset || window.citywallRecover(), 60000);
  setTimeout(() => {
    try {
      if (!planned) sessionStorage.removeItem(key);
    } catch {}
  }, 180000);
})();`;

/** Loads the page again as soon as the server has it; later and later if that does not help. */
export function recover(): void {
  (window as { citywallRecover?: () => void }).citywallRecover?.();
}

/** Says that the page's own script runs. */
export function markAlive(): void {
  document.documentElement.dataset.alive = "";
}
