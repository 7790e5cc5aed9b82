// Single-key shortcuts: never inside text fields, never with a dialog open, and to be switched off (WCAG 2.1.4).
import { signal, useEffect, useRef } from "./ui.js";
import { shortcuts } from "./state.js";

/** @typedef {{keys: string[], label: string, act?: (event: KeyboardEvent) => void, always?: boolean}} Shortcut */

/** What `?` lists now. @type {import("../lib/signals.mjs").Signal<Shortcut[]>} */
export const active = signal([]);
export const helpOpen = signal(false);

/** What a key does on screens that have no other use for it. @type {Map<string, () => void>} */
export const everywhere = new Map();

const WRITING = "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=button], [type=submit])";

/** What a press may be called: by its digit key ("Shift+1", whatever that types) and by what it types ("/", on some keyboards Shift+7). @param {KeyboardEvent} event */
function namesOf(event) {
  const shift = event.shiftKey ? "Shift+" : "";
  const typed = event.key.length > 1 ? event.key : /^[a-z]$/i.test(event.key) ? shift + event.key.toLowerCase() : event.key;
  return /^Digit\d$/.test(event.code) ? [shift + event.code.slice(5), typed] : [typed];
}

/** @param {KeyboardEvent} event */
function heard(event) {
  const target = /** @type {Element} */ (event.target);
  // AltGr, which some keyboards need for "[", counts as Ctrl and Alt on some systems.
  const combined = (event.ctrlKey || event.altKey || event.metaKey) && !event.getModifierState("AltGraph");
  if (event.defaultPrevented || combined || target.closest?.(WRITING)) return;
  if (document.querySelector("dialog[open]")) return;
  const names = namesOf(event);
  if (event.key === "Enter" && target.closest?.("a, button, summary")) return;
  const found = active.value.find((one) => one.act && one.keys.some((key) => names.includes(key)) && (one.always || shortcuts.value));
  const besides = shortcuts.value && !found ? names.map((name) => everywhere.get(name)).find(Boolean) : null;
  if (event.key === "?" && shortcuts.value) helpOpen.value = true;
  else if (!found && !besides) return;
  event.preventDefault();
  if (found) found.act?.(event);
  else besides?.();
}

document.addEventListener("keydown", heard);

/** The shortcuts of the screen that calls it, as long as it is shown. @param {Shortcut[]} list */
export function useKeys(list) {
  const latest = useRef(list);
  latest.current = list;
  useEffect(() => {
    active.value = latest.current.map((one, i) => ({ ...one, act: (event) => latest.current[i]?.act?.(event) }));
    return () => {
      active.value = [];
    };
  }, []);
}
