// Where cards lie in a small live picture: outlines to show, so that a person sees what will be read as which card. The service looks
// anew, and closer, at the photo (ocr/find). Plain arithmetic over grey values, a few milliseconds a look.

import { middleOf, turn } from "./straight.js";

/** @typedef {import("./straight.js").Point} Point */
/** @typedef {import("./straight.js").Corners} Corners */

const RIM = 3; // dots along the edge that are taken for the table
const CONTRAST = 22; // grey values that a card differs by from the table, at least
const SPREADS = 4; // … and how often the table's own spread
const CLOSE = 2; // dots: prints and thin shadows narrower than twice that do not part a card
const SMALLEST = 0.012, LARGEST = 0.75; // of the picture
const FULL = 0.84; // of its rectangle a card fills
const SLIM = 2.4, STOUT = 1.2; // longer side to shorter; ISO 7810 ID-1 has 1.59, folded and square cards are left out
const MOST = 12;

const median = (/** @type {number[]} */ values) => values.slice().sort((a, b) => a - b)[values.length >> 1] ?? 0;

/** @param {number} width @param {number} height @returns {number[]} places of the dots along the edge */
function rimOf(width, height) {
  const rim = [];
  for (let i = 0; i < width * height; i++) {
    const x = i % width, y = Math.floor(i / width);
    if (Math.min(x, y, width - 1 - x, height - 1 - y) < RIM) rim.push(i);
  }
  return rim;
}

/** The table's tone under every dot: the medians of the four edges, light falling evenly from one to the other.
 * @param {Uint8Array} grey @param {number} width @param {number[]} rim @returns {{tone: (i: number) => number, spread: number}} */
function tableOf(grey, width, rim) {
  const height = grey.length / width;
  const mid = (/** @type {(x: number, y: number) => boolean} */ of) => median(rim.filter((i) => of(i % width, Math.floor(i / width))).map((i) => grey[i]));
  const [left, right] = [mid((x) => x < RIM), mid((x) => x >= width - RIM)];
  const [top, bottom] = [mid((_, y) => y < RIM), mid((_, y) => y >= height - RIM)];
  const centre = (left + right + top + bottom) / 4;
  const tone = (/** @type {number} */ i) => centre + (right - left) * ((i % width) / width - 0.5) + (bottom - top) * (Math.floor(i / width) / height - 0.5);
  return { tone, spread: median(rim.map((i) => Math.abs(grey[i] - tone(i)))) };
}

/** Set dots grow by `by` in all eight directions. @param {Uint8Array} mask @param {number} width @param {number} by @param {number} value 1: what is set, 0: what is not */
function grow(mask, width, by, value) {
  const height = mask.length / width;
  for (const [step, along, across] of [[1, width, height], [width, height, width]]) {
    const before = mask.slice();
    for (let line = 0; line < across; line++)
      for (let at = 0; at < along; at++) {
        const i = step === 1 ? line * width + at : at * width + line;
        if (before[i] === value) for (let d = Math.max(-by, -at); d <= Math.min(by, along - 1 - at); d++) mask[i + d * step] = value;
      }
  }
}

/** The dots that hang together with `start`, marked with `mark`. @param {Uint8Array} mask @param {number} width @param {number[]} start @param {number} mark @returns {number[]} */
function flood(mask, width, start, mark) {
  const of = mask[start[0]];
  const found = start.filter((i) => mask[i] === of);
  for (const i of found) mask[i] = mark;
  for (let n = 0; n < found.length; n++) {
    const i = found[n], x = i % width;
    for (const j of [x > 0 ? i - 1 : -1, x < width - 1 ? i + 1 : -1, i - width, i + width])
      if (j >= 0 && j < mask.length && mask[j] === of) { mask[j] = mark; found.push(j); }
  }
  return found;
}

/** Andrew's monotone chain. @param {Point[]} points @returns {Point[]} */
function hullOf(points) {
  const sorted = points.slice().sort((a, b) => a.x - b.x || a.y - b.y);
  const half = (/** @type {Point[]} */ all) => {
    /** @type {Point[]} */ const chain = [];
    for (const point of all) {
      while (chain.length > 1 && turn(chain[chain.length - 2], chain[chain.length - 1], point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

/** The smallest rectangle around it has a side along the hull (Freeman and Shapira 1975). @param {Point[]} hull
 * @returns {{corners: Corners, long: number, short: number}} */
function boxOf(hull) {
  let best = /** @type {any} */ (null);
  hull.forEach((a, n) => {
    const b = hull[(n + 1) % hull.length];
    const angle = Math.atan2(b.y - a.y, b.x - a.x), [c, s] = [Math.cos(angle), Math.sin(angle)];
    const us = hull.map((p) => p.x * c + p.y * s), vs = hull.map((p) => p.y * c - p.x * s);
    const [u0, u1, v0, v1] = [Math.min(...us), Math.max(...us), Math.min(...vs), Math.max(...vs)];
    if (best && (u1 - u0) * (v1 - v0) >= best.area) return;
    const at = (/** @type {number} */ u, /** @type {number} */ v) => ({ x: u * c - v * s, y: u * s + v * c });
    best = { area: (u1 - u0) * (v1 - v0), corners: [at(u0, v0), at(u1, v0), at(u1, v1), at(u0, v1)], long: Math.max(u1 - u0, v1 - v0), short: Math.min(u1 - u0, v1 - v0) };
  });
  return best;
}

/** @param {number[]} dots of one patch @param {number} width @param {number} squeeze height of a dot over its width @returns {Corners | null} in dots, when it has the shape of a card */
function cardOf(dots, width, squeeze) {
  /** The ends of each row are enough for the hull. @type {Map<number, [number, number]>} */
  const rows = new Map();
  for (const i of dots) {
    const y = Math.floor(i / width), x = i % width, ends = rows.get(y);
    rows.set(y, ends ? [Math.min(ends[0], x), Math.max(ends[1], x)] : [x, x]);
  }
  const points = [...rows].flatMap(([y, [from, to]]) => [from, to + 1].flatMap((x) => [{ x, y: y * squeeze }, { x, y: (y + 1) * squeeze }]));
  const { corners, long, short } = boxOf(hullOf(points));
  if (long > SLIM * short || long < STOUT * short || dots.length * squeeze < FULL * long * short) return null;
  return /** @type {Corners} */ (corners.map(({ x, y }) => ({ x, y: y / squeeze })));
}

/** By rows from the top, each from the left: a card less than half a card below the one before it is in the same row.
 * @param {Corners[]} cards @returns {Corners[]} */
function inOrder(cards) {
  const tall = median(cards.map((card) => Math.max(...card.map((p) => p.y)) - Math.min(...card.map((p) => p.y))));
  /** @type {Corners[][]} */ const rows = [];
  for (const card of cards.sort((a, b) => middleOf(a).y - middleOf(b).y)) {
    const row = rows[rows.length - 1];
    if (row && middleOf(card).y - middleOf(row[row.length - 1]).y < tall / 2) row.push(card);
    else rows.push([card]);
  }
  return rows.flatMap((row) => row.sort((a, b) => middleOf(a).x - middleOf(b).x));
}

/**
 * @param {Uint8Array} grey one value a dot, row by row @param {number} width of a row
 * @param {number} aspect width over height of what was seen; the dots need not be square
 * @returns {Corners[]} in parts of the picture, in reading order; none: nothing stands out from the table in the shape of a card
 */
export function cardsIn(grey, width, aspect) {
  const height = grey.length / width;
  const rim = rimOf(width, height);
  const { tone, spread } = tableOf(grey, width, rim);
  const stands = Math.max(CONTRAST, SPREADS * spread);
  const mask = Uint8Array.from(grey, (value, i) => (Math.abs(value - tone(i)) > stands ? 1 : 0));
  grow(mask, width, CLOSE, 1);
  grow(mask, width, CLOSE, 0);
  const TABLE = 2, SEEN = 3;
  flood(mask, width, rim.filter((i) => mask[i] === 0), TABLE);
  for (let i = 0; i < mask.length; i++) mask[i] = mask[i] === TABLE ? 0 : 1; // print inside a card belongs to it
  /** @type {Corners[]} */ const cards = [];
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] !== 1) continue;
    const dots = flood(mask, width, [i], SEEN);
    if (dots.length < SMALLEST * mask.length || dots.length > LARGEST * mask.length) continue;
    const card = cardOf(dots, width, width / height / aspect);
    if (card) cards.push(/** @type {Corners} */ (card.map(({ x, y }) => ({ x: x / width, y: y / height }))));
  }
  return cards.length > MOST ? [] : inOrder(cards);
}
