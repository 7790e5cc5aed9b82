// A long list of which only what is near the screen stands in the page. Rows may have any height: each is measured when it is drawn, the
// others count as the mean of the first ones. The row in hand and the one with the focus stay, wherever they are.
import { useEffect, useLayoutEffect, useRef, useState } from "../ui.js";

/** So many rows are drawn whole: finding on the page and a screen reader's lists have all of them. */
export const FEW = 200;
const STEP = 10; // the window moves by so many rows
const GUESS = 130; // px, before any row was drawn

/** @typedef {{from: number, to: number, focus: string}} Span rows that are drawn, and the one that has the focus */
/** @typedef {ReturnType<typeof heights>} Heights */

/** What is known of the heights, by row. The guess for the others is made once: a better one later would move what is on the screen. */
export function heights() {
  /** @type {Map<string, number>} */
  const known = new Map();
  let guess = 0;
  return {
    /** @param {[string, number][]} drawn row and its px */
    keep(drawn) {
      for (const [id, px] of drawn) known.set(id, px);
      guess ||= drawn.reduce((sum, [, px]) => sum + px, 0) / (drawn.length || 1);
    },
    /** @param {string} id */
    of: (id) => known.get(id) ?? (guess || GUESS),
  };
}

/** The rows between two heights, from a whole step to a whole step. @param {string[]} ids @param {Heights} high @param {number} top @param {number} bottom @returns {{from: number, to: number}} */
export function spanOf(ids, high, top, bottom) {
  let i = 0;
  let y = 0;
  while (i < ids.length && y + high.of(ids[i]) < top) y += high.of(ids[i++]);
  const from = i;
  while (i < ids.length && y < bottom) y += high.of(ids[i++]);
  return { from: Math.floor(from / STEP) * STEP, to: Math.min(ids.length, Math.ceil(i / STEP) * STEP) };
}

/** What is drawn, each with the room for what is left out before it, and the room behind the last. @param {string[]} ids @param {Heights} high @param {{from: number, to: number}} span @param {number[]} kept */
export function piecesOf(ids, high, { from, to }, kept) {
  const drawn = new Set(kept);
  for (let i = from; i < Math.min(to, ids.length); i++) drawn.add(i);
  /** @type {{i: number, gap: number}[]} */
  const pieces = [];
  let gap = 0;
  ids.forEach((id, i) => {
    if (drawn.has(i)) pieces.push({ i, gap: Math.round(gap) });
    gap = drawn.has(i) ? 0 : gap + high.of(id);
  });
  return { pieces, tail: Math.round(gap) };
}

/** @param {string[]} ids of all rows, in their order @param {number} current the row in hand */
export function useWindowed(ids, current) {
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const [high] = useState(heights);
  const [span, setSpan] = useState(/** @type {Span} */ ({ from: 0, to: FEW, focus: "" }));
  const seen = useRef(/** @type {{id: string, top: number} | null} */ (null)); // what the eye is on: it stays where it is
  const whole = ids.length <= FEW;
  const focused = span.focus ? ids.indexOf(span.focus) : -1;
  const { pieces, tail } = whole ? { pieces: ids.map((_, i) => ({ i, gap: 0 })), tail: 0 } : piecesOf(ids, high, span, [current, focused].filter((i) => i >= 0));
  /** @returns {HTMLElement[]} */
  const drawn = () => /** @type {HTMLElement[]} */ ([...(list.current?.children || [])]);
  const look = () => {
    if (whole || !list.current) return;
    const top = -list.current.getBoundingClientRect().top;
    const next = spanOf(ids, high, top - innerHeight, top + 2 * innerHeight);
    const focus = ids[pieces[drawn().findIndex((row) => row.contains(document.activeElement))]?.i] || "";
    if (next.from === span.from && next.to === span.to && focus === span.focus) return;
    const at = drawn().findIndex((row) => row.getBoundingClientRect().bottom > 0);
    const id = ids[pieces[at]?.i];
    seen.current = id ? { id, top: drawn()[at].getBoundingClientRect().top } : null;
    setSpan({ ...next, focus });
  };
  const latest = useRef(look);
  latest.current = look;
  useEffect(() => {
    let asked = 0;
    const soon = () => { asked ||= requestAnimationFrame(() => { asked = 0; latest.current(); }); };
    addEventListener("scroll", soon, { passive: true });
    addEventListener("resize", soon);
    return () => { cancelAnimationFrame(asked); removeEventListener("scroll", soon); removeEventListener("resize", soon); };
  }, []);
  useEffect(() => latest.current(), [ids]);
  useLayoutEffect(() => {
    if (whole) return;
    const rows = drawn();
    const boxes = rows.map((row) => row.getBoundingClientRect());
    high.keep(boxes.map((box, n) => [ids[pieces[n].i], box.height]));
    const at = seen.current ? pieces.findIndex(({ i }) => ids[i] === seen.current?.id) : -1;
    const off = at >= 0 && seen.current ? boxes[at].top - seen.current.top : 0;
    seen.current = null;
    if (Math.abs(off) > 1) scrollBy(0, off);
  });
  return { list, pieces, tail, whole };
}
