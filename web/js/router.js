// Addresses of screens: ids only, never a field's value.
import { signal } from "./ui.js";

const here = () => ({ path: location.pathname, query: new URLSearchParams(location.search) });
export const place = signal(here());

/** Asked before a screen is left for an address; gives false to stay. @type {((address: string) => boolean) | null} */
let guard = null;

/** @param {((address: string) => boolean) | null} ask */
export function guardLeaving(ask) {
  guard = ask;
}

/** @param {string} address @param {boolean} [replace] instead of a new entry of the browser's history */
export function go(address, replace = false) {
  if (guard && !guard(address)) return;
  guard = null;
  if (replace) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  place.value = here();
  scrollTo(0, 0);
}

addEventListener("popstate", () => {
  guard = null;
  place.value = here();
});

const OURS = /^\/(app\/|$)/;

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = /** @type {HTMLAnchorElement | null} */ (/** @type {Element} */ (event.target).closest?.("a[href]"));
  if (!link || link.target || link.hash || link.hasAttribute("download") || link.origin !== location.origin || !OURS.test(link.pathname)) return;
  event.preventDefault();
  go(link.pathname + link.search);
});

/**
 * @param {string} pattern "/app/contacts/:id" @param {string} path
 * @returns {Record<string, string> | null} the named parts
 */
export function match(pattern, path) {
  const want = pattern.split("/");
  const have = path.replace(/\/$/, "").split("/");
  if (want.length !== have.length) return null;
  /** @type {Record<string, string>} */
  const found = {};
  for (let i = 0; i < want.length; i++) {
    if (want[i].startsWith(":")) found[want[i].slice(1)] = decodeURIComponent(have[i]);
    else if (want[i] !== have[i]) return null;
  }
  return found;
}
