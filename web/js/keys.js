// Single-key shortcuts: never inside text fields, never with a dialog open, and to be switched off (WCAG 2.1.4).
import { signal, useEffect, useRef } from "./ui.js";
import { shortcuts } from "./state.js";

/** @typedef {{keys: string[], label: string, act?: (event: KeyboardEvent) => void, always?: boolean}} Shortcut */

/** What `?` lists now. @type {import("../lib/signals.mjs").Signal<Shortcut[]>} */
export const active = signal([]);
export const helpOpen = signal(false);

const WRITING = "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=button], [type=submit])";

/** "Shift+1" also where Shift+1 types "!" or "+". @param {KeyboardEvent} event */
function nameOf(event) {
  if (/^Digit\d$/.test(event.code)) return (event.shiftKey ? "Shift+" : "") + event.code.slice(5);
  if (event.key.length === 1) return event.shiftKey && /^[a-z]$/i.test(event.key) ? `Shift+${event.key.toLowerCase()}` : event.key.toLowerCase();
  return event.key;
}

/** @param {KeyboardEvent} event */
function heard(event) {
  const target = /** @type {Element} */ (event.target);
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || target.closest?.(WRITING)) return;
  if (document.querySelector("dialog[open]")) return;
  const name = nameOf(event);
  if (name === "Enter" && target.closest?.("a, button, summary")) return;
  const found = active.value.find((one) => one.act && one.keys.includes(name) && (one.always || shortcuts.value));
  if (name === "?" && shortcuts.value) helpOpen.value = true;
  else if (!found) return;
  event.preventDefault();
  found?.act?.(event);
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
