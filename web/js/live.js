// What changes elsewhere: server-sent events, and a look every few seconds where they do not come through.
import { follow } from "./api.js";
import { useEffect, useRef } from "./ui.js";

/** @typedef {{type: string, id?: string, state?: string}} Happening */

/** @type {Set<(event: Happening) => void>} */
const listeners = new Set();
const PATIENCE = 4000;
/** States of a contact's event that say who looks at it: nothing of the contact has changed. */
const LOOKS = ["looked_at", "left_alone"];
let started = false;
let lastSign = 0;

/** @param {Happening} event */
function tell(event) {
  for (const listener of [...listeners]) listener(event);
}

function start() {
  started = true;
  const source = follow((event) => {
    lastSign = Date.now();
    tell(LOOKS.includes(event.state || "") ? { ...event, type: "presence" } : event);
  });
  setInterval(() => {
    const quiet = Date.now() - lastSign > PATIENCE;
    if (document.visibilityState === "visible" && (quiet || source.broken())) tell({ type: "tick" });
  }, PATIENCE);
}

/**
 * Calls `heard` for every event of these types, for "reset", and for "tick" when it is time to look without being told.
 * @param {string[]} types @param {(event: Happening) => void} heard
 */
export function useLive(types, heard) {
  const latest = useRef(heard);
  latest.current = heard;
  useEffect(() => {
    if (!started) start();
    /** @param {Happening} event */
    const listener = (event) => {
      if (event.type === "reset" || event.type === "tick" || types.includes(event.type)) latest.current(event);
    };
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, []);
}

/** Calls at most once in `pause` ms, and always a last time. @param {() => void} act @param {number} pause */
export function calmly(act, pause = 300) {
  /** @type {number | undefined} */
  let timer;
  return () => {
    if (timer) return;
    timer = setTimeout(() => {
      timer = undefined;
      act();
    }, pause);
  };
}
