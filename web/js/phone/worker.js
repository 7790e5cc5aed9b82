// The service worker, which lets the pages start without a network: see sw.js.

/** Only this one script. */
const scripts = /** @type {any} */ (globalThis).trustedTypes?.createPolicy("kartei", {
  createScriptURL: (/** @type {string} */ address) => {
    if (address !== "/sw.js") throw new TypeError(address);
    return address;
  },
});

export function startWorker() {
  navigator.serviceWorker?.register(scripts ? scripts.createScriptURL("/sw.js") : "/sw.js", { updateViaCache: "none" })
    .catch((problem) => console.warn("Without a network the pages will not start:", problem.message));
}
