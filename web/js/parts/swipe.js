// Swiping a row aside with one finger; whatever that does has a button, too. The look of it: .swipes in css/app.css.
import { useRef } from "../ui.js";

const SURE = 14; // px: it goes sideways
const FAR = 88; // px: so far it counts

/** @typedef {{x: number, y: number, by: number, sure: boolean}} Finger */

/** Handlers of a row. @param {{right?: () => void, left?: () => void}} acts */
export function useSwipe(acts) {
  const finger = useRef(/** @type {Finger | null} */ (null));
  /** @param {HTMLElement} row */
  const rest = (row) => { finger.current = null; row.style.removeProperty("--swipe"); delete row.dataset.swipe; };
  return {
    onTouchStart: (/** @type {TouchEvent} */ event) => {
      const [one, two] = event.touches;
      finger.current = two ? null : { x: one.clientX, y: one.clientY, by: 0, sure: false };
    },
    onTouchMove: (/** @type {TouchEvent} */ event) => {
      const row = /** @type {HTMLElement} */ (event.currentTarget);
      const at = finger.current;
      if (!at) return;
      at.by = event.touches[0].clientX - at.x;
      const down = Math.abs(event.touches[0].clientY - at.y);
      if (!at.sure && down > SURE) return rest(row); // it scrolls
      at.sure ||= Math.abs(at.by) > SURE;
      const way = at.by > 0 ? "right" : "left";
      if (!at.sure || !acts[way]) return;
      row.dataset.swipe = Math.abs(at.by) > FAR ? `${way} far` : way;
      row.style.setProperty("--swipe", `${at.by}px`);
    },
    onTouchEnd: (/** @type {TouchEvent} */ event) => {
      const at = finger.current;
      rest(/** @type {HTMLElement} */ (event.currentTarget));
      if (at?.sure && Math.abs(at.by) > FAR) acts[at.by > 0 ? "right" : "left"]?.();
    },
    onTouchCancel: (/** @type {TouchEvent} */ event) => rest(/** @type {HTMLElement} */ (event.currentTarget)),
  };
}
